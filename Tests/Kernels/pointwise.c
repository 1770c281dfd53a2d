// GEMMs in float32 and int8: tiles, panels, ranges, epilogues.
#include "checks.h"

#include <string.h>

typedef struct {
    int counts[most_ranges];
    int pixels, outputs;
    fill fill;
    ck_activation activation;
    int has_residual, is_upsampled, has_broadcast_bias, has_scale;
    int is_int8;
} pointwise_case;

typedef struct {
    pointwise_case test;
    buffer input;
    packed_weights weights;
    float *broadcast_bias, *residual, *scale;
    int32_t *index;
    ptrdiff_t stride;
    float inverse, zero;
} operands;

static operands make_operands(const ck_table *table, const pointwise_case *test) {
    operands result = {.test = *test, .inverse = 64, .zero = 100};
    if (test->fill == negative) { result.zero = 255; }
    if (test->fill == sparse) { result.zero = 0; }
    ptrdiff_t slack = table->width;
    result.input = random_buffer(test->counts, test->pixels, table->width, test->fill);
    result.weights = random_weights(
        table, result.input.channels, test->outputs, test->is_int8, result.inverse, result.zero);
    result.stride = rounded_up(test->outputs, table->width);
    result.broadcast_bias = guarded(result.stride, uniform);
    result.residual = guarded(test->pixels * result.stride + slack, uniform);
    result.scale = guarded(test->pixels * result.stride + slack, uniform);
    result.index = (int32_t *)guarded(test->pixels, zeros);
    for (int p = 0; p < test->pixels; p++) { result.index[p] = p / 2; }
    return result;
}

// Rounds inputs of int8 to a grid of eighths of a step, so that no rounding depends on a last bit, and adds values
// outside all bounds.
static void put_on_grid(operands *operands) {
    static const float odd[] = {NAN, INFINITY, -INFINITY, 1e30f, -1e30f, -0.0f, 1e-30f};
    for (int r = 0; r < operands->input.range_count; r++) {
        const ck_range *range = &operands->input.ranges[r];
        for (ptrdiff_t i = 0; i < operands->input.pixels * range->count; i++) {
            float *place =
                (float *)range->base + i / range->count * range->stride + i % range->count;
            if (operands->test.fill == uniform) { *place *= 3; }
            *place = rintf(*place * 512) / 512;
            if (operands->test.fill == sparse && i % 31 == 0) { *place = odd[i / 31 % 7]; }
        }
    }
}

static float *run(const ck_table *table, const operands *operands, const ptrdiff_t *splits, int parts) {
    const pointwise_case *test = &operands->test;
    float *output = guarded_output(test->pixels * operands->stride);
    ck_pointwise layer = {
        .ranges = operands->input.ranges,
        .range_count = operands->input.range_count,
        .weights = operands->weights.packed,
        .lowp = test->is_int8 ? &operands->weights.lowp : 0,
        .epilogue =
            {
                .bias = operands->weights.bias,
                .broadcast_bias = test->has_broadcast_bias ? operands->broadcast_bias : 0,
                .residual = test->has_residual ? operands->residual : 0,
                .residual_stride = operands->stride,
                .residual_index = test->is_upsampled ? operands->index : 0,
                .scale = test->has_scale ? operands->scale : 0,
                .scale_stride = operands->stride,
                .activation = test->activation,
            },
        .half_vectors = operands->weights.half_vectors,
        .output = output,
        .output_stride = operands->stride,
    };
    for (int part = 0; part < parts; part++) {
        (test->is_int8 ? table->int8.pointwise : table->pointwise)(
            &layer, splits[part], splits[part + 1]);
    }
    return output;
}

static void expect_output(const operands *operands, const float *output, int pixel, int channel) {
    const pointwise_case *test = &operands->test;
    float inputs[1024];
    for (ptrdiff_t c = 0; c < operands->input.channels; c++) {
        inputs[c] = buffer_value(&operands->input, pixel, c);
    }
    sum total = plain_sum(&operands->weights, test->is_int8, inputs, channel);
    ptrdiff_t source = test->is_upsampled ? pixel / 2 : pixel;
    float terms[] = {
        operands->weights.bias[channel], test->has_broadcast_bias ? operands->broadcast_bias[channel] : 0,
        test->has_residual ? operands->residual[source * operands->stride + channel] : 0,
    };
    for (int t = 0; t < 3; t++) {
        total.sum += (double)terms[t];
        total.magnitude += fabs((double)terms[t]);
    }
    double value = total.sum;
    if (test->activation == ck_relu) { value = fmax(value, 0); }
    if (test->activation == ck_sigmoid) { value = 1 / (1 + exp(-value)); }
    ptrdiff_t place = pixel * operands->stride + channel;
    if (test->has_scale) { value *= (double)operands->scale[place]; }
    expect_sum(output[place], value, total.magnitude, "number", place);
}

static void check(const ck_table *table, const pointwise_case *test) {
    begin_case(
        "%s GEMM, ranges from %d channels, %d pixels, %d outputs, fill %d, activation %d, residual %d%d, "
        "broadcast bias %d, scale %d",
        test->is_int8 ? "int8" : "float32", test->counts[0], test->pixels, test->outputs, test->fill,
        test->activation, test->has_residual, test->is_upsampled, test->has_broadcast_bias,
        test->has_scale);
    operands operands = make_operands(table, test);
    if (test->is_int8) { put_on_grid(&operands); }
    ptrdiff_t whole[] = {0, test->pixels};
    ptrdiff_t parts[] = {0, test->pixels / 3, test->pixels / 2, test->pixels};
    float *output = run(table, &operands, whole, 1), *again = run(table, &operands, parts, 3);
    for (int pixel = 0; pixel < test->pixels; pixel++) {
        for (int channel = 0; channel < test->outputs; channel++) {
            expect_output(&operands, output, pixel, channel);
        }
        ptrdiff_t first = pixel * operands.stride;
        expect_same(output + first, again + first, test->outputs, "splits differ");
    }
    release_all();
}

static void check_tiles(const ck_table *table, int is_int8) {
    for (int half_vectors = 1; half_vectors <= 13; half_vectors++) {
        for (int pixels = 1; pixels <= 26; pixels++) {
            int outputs = (int)(half_vectors * table->width / 2 - 1);
            pointwise_case test = {
                .counts = {9}, .pixels = pixels, .outputs = outputs, .is_int8 = is_int8};
            check(table, &test);
        }
    }
}

static void check_ranges(const ck_table *table, int is_int8) {
    static const int lists[][most_ranges] = {
        {1}, {2}, {3}, {4}, {7}, {30}, {15, 8, 4, 3}, {1, 1, 1}, {33, 2, 17}, {245}, {5, 4, 3, 2, 1, 6},
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        pointwise_case test = {.pixels = 29, .outputs = 30, .is_int8 = is_int8};
        memcpy(test.counts, lists[i], sizeof test.counts);
        check(table, &test);
    }
}

static void check_fills(const ck_table *table, int is_int8) {
    for (fill kind = 0; kind < fill_count; kind++) {
        pointwise_case even = {
            .counts = {60}, .pixels = 13, .outputs = 60, .fill = kind, .is_int8 = is_int8};
        check(table, &even);
        pointwise_case odd = {
            .counts = {7, 9}, .pixels = 25, .outputs = 17, .fill = kind, .activation = ck_relu,
            .is_int8 = is_int8};
        check(table, &odd);
    }
}

static void check_epilogues(const ck_table *table, int is_int8) {
    for (ck_activation activation = ck_linear; activation <= ck_sigmoid; activation++) {
        for (int bits = 0; bits < 16; bits++) {
            pointwise_case test = {
                .counts = {11, 6}, .pixels = 27, .outputs = 37, .activation = activation,
                .has_residual = bits & 1, .is_upsampled = bits & 2, .has_broadcast_bias = bits & 4,
                .has_scale = bits & 8, .is_int8 = is_int8};
            check(table, &test);
        }
    }
}

// Expects that a single zero input leaves the activated bias.
static void check_bias(
    const ck_table *table, float bias, ck_activation activation, double expected, double magnitude
) {
    begin_case("activation %d of %g", activation, bias);
    pointwise_case test = {.counts = {1}, .pixels = 3, .outputs = 1, .fill = zeros, .activation = activation};
    operands operands = make_operands(table, &test);
    operands.weights.bias[0] = bias;
    ptrdiff_t whole[] = {0, 3};
    float *output = run(table, &operands, whole, 1);
    if (isnan(expected)) {
        expect(isnan(output[0]), "not a number becomes %g", output[0]);
    } else {
        expect_sum(output[0], expected, magnitude, "number", 0);
    }
    release_all();
}

static void check_activations(const ck_table *table) {
    static const float inputs[] = {
        0, -0.0f, 1e-30f, 1, -1, 5, -5, 17, -17, 40, -40, 86, -86, 88, -88, 1e4f, -1e4f, INFINITY,
        -INFINITY, 0.5f,
    };
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        double expected = 1 / (1 + exp(-(double)inputs[i]));
        check_bias(table, inputs[i], ck_sigmoid, expected, 0.15 * expected);
    }
    check_bias(table, NAN, ck_linear, NAN, 0);
    check_bias(table, NAN, ck_relu, NAN, 0);
}

void check_pointwise(const ck_table *table) {
    check_tiles(table, 0);
    check_ranges(table, 0);
    check_fills(table, 0);
    check_epilogues(table, 0);
    check_activations(table);
}

void check_int8(const ck_table *table) {
    check_tiles(table, 1);
    check_ranges(table, 1);
    check_fills(table, 1);
    check_epilogues(table, 1);
    // More than one block of steps.
    pointwise_case large = {.counts = {245, 245, 245}, .pixels = 61, .outputs = 11, .is_int8 = 1};
    check(table, &large);
}
