// The first convolution, with and without fused pooling.
#include "checks.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    ptrdiff_t channels, height, width, outputs;
    int stride, is_int8;
    /// Kernel, stride, padding; zeros for no pooling.
    int pooling[3];
} stem_case;

typedef struct {
    ck_stem layer;
    packed_weights weights;
    ptrdiff_t stride;
} stem_operands;

// An image with a border of zeros, on a grid that int8 represents exactly.
static float *bordered_image(const stem_case *test, ptrdiff_t row_stride) {
    float *image = guarded((test->height + 2) * row_stride + 64, zeros);
    for (ptrdiff_t y = 1; y <= test->height; y++) {
        for (ptrdiff_t i = 0; i < test->width * test->channels; i++) {
            image[y * row_stride + test->channels + i] = rintf(next_number(uniform) * 512) / 512;
        }
    }
    return image;
}

static stem_operands make_operands(const ck_table *table, const stem_case *test) {
    stem_operands result;
    ptrdiff_t inputs = 9 * test->channels;
    result.weights = random_weights(table, inputs, test->outputs, test->is_int8, 64, 128);
    // A GEMM writes whole padded rows.
    result.stride = rounded_up(test->outputs, table->width);
    ptrdiff_t row_stride = (test->width + 2) * test->channels;
    result.layer = (ck_stem){
        .image = bordered_image(test, row_stride),
        .row_stride = row_stride,
        .channels = test->channels,
        .window = make_window(test->height, test->width, 3, test->stride, 1),
        .weights = result.weights.packed,
        .gemm = test->is_int8 ? table->int8.pointwise : table->pointwise,
        .epilogue = {.bias = result.weights.bias, .activation = ck_relu},
        .half_vectors = result.weights.half_vectors,
        .output_stride = result.stride,
    };
    const ck_window *window = &result.layer.window;
    if (test->pooling[0]) {
        result.layer.pooling = make_window(
            window->output_height, window->output_width, test->pooling[0], test->pooling[1],
            test->pooling[2]);
    }
    return result;
}

// One output of the convolution.
static sum convolved(const stem_operands *operands, int is_int8, ptrdiff_t y, ptrdiff_t x, ptrdiff_t output) {
    const ck_stem *layer = &operands->layer;
    float inputs[64];
    ptrdiff_t row_inputs = 3 * layer->channels;
    for (ptrdiff_t row = 0; row < 3; row++) {
        const float *from = layer->image + (y * layer->window.stride + row) * layer->row_stride
            + x * layer->window.stride * layer->channels;
        memcpy(inputs + row * row_inputs, from, (size_t)row_inputs * sizeof *inputs);
    }
    sum total = plain_sum(&operands->weights, is_int8, inputs, output);
    double bias = (double)layer->epilogue.bias[output];
    return (sum){fmax(total.sum + bias, 0), total.magnitude + fabs(bias)};
}

// One output of the layer: pooled, or the convolution's output.
static sum expected(const stem_operands *operands, int is_int8, ptrdiff_t y, ptrdiff_t x, ptrdiff_t output) {
    const ck_window *pooling = &operands->layer.pooling;
    if (!pooling->kernel) { return convolved(operands, is_int8, y, x, output); }
    sum best = {-INFINITY, 0};
    for (ptrdiff_t i = 0; i < pooling->kernel * pooling->kernel; i++) {
        ptrdiff_t row = y * pooling->stride - pooling->padding + i / pooling->kernel;
        ptrdiff_t column = x * pooling->stride - pooling->padding + i % pooling->kernel;
        if (row < 0 || row >= pooling->input_height) { continue; }
        if (column < 0 || column >= pooling->input_width) { continue; }
        sum one = convolved(operands, is_int8, row, column, output);
        best.sum = fmax(best.sum, one.sum);
        best.magnitude = fmax(best.magnitude, one.magnitude);
    }
    return best;
}

static float *run(const ck_table *table, stem_operands *operands, const ck_window *map, ptrdiff_t split) {
    const ck_stem *layer = &operands->layer;
    ptrdiff_t step = layer->half_vectors * table->width / 2;
    float *scratch = guarded_output(
        layer->pooling.kernel * layer->window.output_width * step + table->width);
    float *output = guarded_output(
        map->output_height * map->output_width * operands->stride + table->width);
    operands->layer.output = output;
    table->stem(layer, scratch, 0, split);
    table->stem(layer, scratch, split, map->output_height);
    return output;
}

static void check(const ck_table *table, const stem_case *test) {
    begin_case(
        "%s stem %td×%td×%td to %td / %d, pooling %d / %d", test->is_int8 ? "int8" : "float32",
        test->channels, test->height, test->width, test->outputs, test->stride, test->pooling[0],
        test->pooling[1]);
    stem_operands operands = make_operands(table, test);
    if (test->is_int8) { operands.layer.lowp = &operands.weights.lowp; }
    const ck_window *map =
        test->pooling[0] ? &operands.layer.pooling : &operands.layer.window;
    float *whole = run(table, &operands, map, 0);
    float *parts = run(table, &operands, map, map->output_height / 2);
    for (ptrdiff_t pixel = 0; pixel < map->output_height * map->output_width; pixel++) {
        for (ptrdiff_t output = 0; output < test->outputs; output++) {
            ptrdiff_t y = pixel / map->output_width, x = pixel % map->output_width;
            sum right = expected(&operands, test->is_int8, y, x, output);
            ptrdiff_t place = pixel * operands.stride + output;
            expect_sum(whole[place], right.sum, right.magnitude, "number", place);
        }
        ptrdiff_t first = pixel * operands.stride;
        expect_same(whole + first, parts + first, test->outputs, "splits differ");
    }
    release_all();
}

void check_stem(const ck_table *table) {
    static const int poolings[][3] = {{0, 0, 0}, {3, 2, 1}, {2, 2, 0}, {3, 1, 1}};
    static const ptrdiff_t shapes[][4] = {
        {3, 8, 8, 24}, {3, 17, 21, 24}, {1, 9, 11, 5}, {3, 8, 70, 48}, {3, 3, 3, 7},
    };
    for (int s = 0; s < 5; s++) {
        for (int p = 0; p < 4; p++) {
            for (int bits = 0; bits < 4; bits++) {
                stem_case test = {
                    .channels = shapes[s][0], .height = shapes[s][1], .width = shapes[s][2],
                    .outputs = shapes[s][3], .stride = 1 + bits % 2, .is_int8 = bits / 2};
                memcpy(test.pooling, poolings[p], sizeof test.pooling);
                check(table, &test);
            }
        }
    }
}
