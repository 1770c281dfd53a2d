// Sliding windows: depthwise convolutions and max pooling.
#include "checks.h"

typedef struct {
    int counts[most_ranges];
    ck_window window;
    fill fill;
    ck_activation activation;
} window_case;

// Iterates over the map's pixels under the window of an output pixel.
#define FOR_EACH_TAP(window, pixel, source, tap)                                                  \
    for (ptrdiff_t y = 0; y < (window)->kernel; y++)                                              \
        for (ptrdiff_t x = 0, source, tap; x < (window)->kernel; x++)                             \
            if (find_tap(window, pixel, y, x, &source, &tap))

static int find_tap(
    const ck_window *window, ptrdiff_t pixel, ptrdiff_t y, ptrdiff_t x, ptrdiff_t *source, ptrdiff_t *tap
) {
    ptrdiff_t row = pixel / window->output_width * window->stride - window->padding + y;
    ptrdiff_t column = pixel % window->output_width * window->stride - window->padding + x;
    *source = row * window->input_width + column;
    *tap = y * window->kernel + x;
    return row >= 0 && row < window->input_height && column >= 0 && column < window->input_width;
}

static void expect_depthwise(const ck_depthwise *layer, const buffer *input, ptrdiff_t pixel) {
    for (ptrdiff_t channel = 0; channel < input->channels; channel++) {
        double total = (double)layer->bias[channel], magnitude = fabs(total);
        FOR_EACH_TAP(&layer->window, pixel, source, tap) {
            double weight = (double)layer->weights[tap * layer->weight_stride + channel];
            double term = weight * (double)buffer_value(input, source, channel);
            total += term;
            magnitude += fabs(term);
        }
        if (layer->activation == ck_relu) { total = fmax(total, 0); }
        ptrdiff_t place = pixel * layer->output_stride + channel;
        expect_sum(layer->output[place], total, magnitude, "number", place);
    }
}

// Begins a case of a kernel with the map that it reads.
static buffer begin_window(const char *kernel, const ck_table *table, const window_case *test) {
    const ck_window *window = &test->window;
    begin_case(
        "%s %td×%td / %td on %td×%td, ranges from %d, fill %d", kernel, window->kernel,
        window->kernel, window->stride, window->input_height, window->input_width, test->counts[0],
        test->fill);
    return random_buffer(
        test->counts, window->input_height * window->input_width, table->width, test->fill);
}

static void check_depthwise(const ck_table *table, const window_case *test) {
    const ck_window *window = &test->window;
    buffer input = begin_window("depthwise", table, test);
    ptrdiff_t stride = padded_channels(&input, table->width);
    ptrdiff_t pixels = window->output_height * window->output_width;
    ck_depthwise layer = {
        .ranges = input.ranges,
        .range_count = input.range_count,
        .window = *window,
        .weights = guarded(window->kernel * window->kernel * stride, uniform),
        .weight_stride = stride,
        .bias = guarded(stride, uniform),
        .output = guarded_output(pixels * stride),
        .output_stride = stride,
        .activation = test->activation,
    };
    ck_depthwise again = layer;
    again.output = guarded_output(pixels * stride);
    table->depthwise(&layer, 0, window->output_height);
    table->depthwise(&again, 0, window->output_height / 2);
    table->depthwise(&again, window->output_height / 2, window->output_height);
    for (ptrdiff_t pixel = 0; pixel < pixels; pixel++) {
        expect_depthwise(&layer, &input, pixel);
        expect_same(
            layer.output + pixel * stride, again.output + pixel * stride, input.channels,
            "splits differ");
    }
    release_all();
}

static void check_maxpool(const ck_table *table, const window_case *test) {
    const ck_window *window = &test->window;
    buffer input = begin_window("maxpool", table, test);
    ptrdiff_t stride = padded_channels(&input, table->width);
    ptrdiff_t pixels = window->output_height * window->output_width;
    ck_maxpool layer = {
        .ranges = input.ranges,
        .range_count = input.range_count,
        .window = *window,
        .output = guarded_output(pixels * stride),
        .output_stride = stride,
    };
    table->maxpool(&layer, 0, window->output_height / 3);
    table->maxpool(&layer, window->output_height / 3, window->output_height);
    for (ptrdiff_t pixel = 0; pixel < pixels; pixel++) {
        for (ptrdiff_t channel = 0; channel < input.channels; channel++) {
            float best = -INFINITY;
            FOR_EACH_TAP(window, pixel, source, tap) {
                best = fmaxf(best, buffer_value(&input, source, channel));
            }
            float value = layer.output[pixel * stride + channel];
            expect(value == best, "pixel %td channel %td is %g, not %g", pixel, channel, value, best);
        }
    }
    release_all();
}

typedef void (*window_check)(const ck_table *table, const window_case *test);

static void check_planes(const ck_table *table, window_check check, int kernel) {
    for (int stride = 1; stride <= 2; stride++) {
        for (int side = 1; side <= 14; side++) {
            window_case test = {
                .counts = {5}, .window = make_window(side, 15 - side, kernel, stride, kernel / 2)};
            check(table, &test);
        }
        window_case wide = {.counts = {9}, .window = make_window(3, 40, kernel, stride, kernel / 2)};
        check(table, &wide);
    }
}

static const int range_lists[][most_ranges] = {
    {16}, {17}, {30, 15, 8, 7}, {1, 1, 33}, {3, 64, 2}, {1},
};
enum { range_list_count = sizeof range_lists / sizeof *range_lists };

static void check_ranges(const ck_table *table, window_check check, ck_window window) {
    for (int i = 0; i < range_list_count; i++) {
        window_case test = {.window = window};
        for (int r = 0; r < most_ranges; r++) { test.counts[r] = range_lists[i][r]; }
        check(table, &test);
    }
    for (fill kind = 0; kind < fill_count; kind++) {
        window_case test = {
            .counts = {20}, .window = window, .fill = kind, .activation = ck_relu};
        check(table, &test);
    }
}

void check_windows(const ck_table *table) {
    check_planes(table, check_depthwise, 3);
    check_planes(table, check_depthwise, 5);
    check_planes(table, check_maxpool, 3);
    check_ranges(table, check_depthwise, make_window(6, 11, 5, 1, 2));
    check_ranges(table, check_depthwise, make_window(7, 13, 5, 2, 2));
    check_ranges(table, check_depthwise, make_window(7, 13, 3, 2, 1));
    check_ranges(table, check_maxpool, make_window(7, 13, 3, 2, 1));
    check_ranges(table, check_maxpool, make_window(8, 12, 2, 2, 0));
    check_ranges(table, check_depthwise, make_window(9, 8, 7, 1, 3));
    check_ranges(table, check_depthwise, make_window(9, 8, 1, 1, 0));
    check_ranges(table, check_depthwise, make_window(9, 12, 3, 1, 0));
    check_ranges(table, check_depthwise, make_window(9, 12, 5, 3, 1));
}
