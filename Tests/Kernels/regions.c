// Position-sensitive pooling of regions.
#include "checks.h"

// Bilinear interpolation by definition: zero beyond one cell outside the map, clamped within it.
static double interpolated(const ck_region_pool *layer, double y, double x, ptrdiff_t channel) {
    double height = (double)layer->height, width = (double)layer->width;
    if (!(y >= -1 && y <= height && x >= -1 && x <= width)) { return 0; }
    y = fmin(fmax(y, 0), height - 1);
    x = fmin(fmax(x, 0), width - 1);
    double total = 0;
    for (int corner = 0; corner < 4; corner++) {
        double row = fmin(floor(y) + corner / 2, height - 1);
        double column = fmin(floor(x) + corner % 2, width - 1);
        double down = corner / 2 ? y - floor(y) : 1 - (y - floor(y));
        double across = corner % 2 ? x - floor(x) : 1 - (x - floor(x));
        ptrdiff_t pixel = (ptrdiff_t)row * layer->width + (ptrdiff_t)column;
        total += (double)layer->map[pixel * layer->stride + channel] * down * across;
    }
    return total;
}

// Position of a bin's sample along one axis.
static double place(const ck_region_pool *layer, float start, float end, ptrdiff_t bin, ptrdiff_t sample) {
    double scale = (double)layer->scale;
    double origin = (double)start * scale - (layer->is_aligned ? 0.5 : 0);
    double extent = fmax(((double)end - (double)start) * scale, 0.1);
    double size = extent / (double)layer->bins;
    return origin + ((double)bin + ((double)sample + 0.5) / (double)layer->samples) * size;
}

static double pooled(const ck_region_pool *layer, const float *region, ptrdiff_t channel) {
    ptrdiff_t bin = channel / layer->depth, row = bin / layer->bins, column = bin % layer->bins;
    double total = 0, best = -INFINITY;
    for (ptrdiff_t i = 0; i < layer->samples * layer->samples; i++) {
        double y = place(layer, region[1], region[3], row, i / layer->samples);
        double x = place(layer, region[0], region[2], column, i % layer->samples);
        double value = interpolated(layer, y, x, channel);
        total += value;
        best = fmax(best, value);
    }
    return layer->takes_maximum ? best : total / (double)(layer->samples * layer->samples);
}

// Inside, across every border, outside, empty, inverted, and NaN.
static const float regions[][4] = {
    {0, 0, 100, 60}, {10.5f, 3.25f, 90, 47}, {-40.3f, -30.7f, 20, 10}, {80, 40, 200.3f, 300.9f},
    {-500, -500, -400, -400}, {5, 5, 5, 5}, {60, 50, 20, 10}, {0, 0, 1, 1}, {NAN, 0, 10, 10},
    {15.99f, 16.01f, 16.02f, 16.03f},
};
enum { region_count = sizeof regions / sizeof *regions };

static void check(
    const ck_table *table, ptrdiff_t bins, ptrdiff_t depth, ptrdiff_t samples, int takes_maximum,
    int is_aligned
) {
    begin_case(
        "region pool, %td bins, depth %td, %td samples, maximum %d, aligned %d", bins, depth, samples,
        takes_maximum, is_aligned);
    enum { height = 4, width = 7 };
    ptrdiff_t channels = bins * bins * depth, stride = rounded_up(channels + 7, table->width);
    ck_region_pool layer = {
        .map = guarded(height * width * stride, uniform),
        .stride = stride,
        .height = height,
        .width = width,
        .regions = regions[0],
        .region_stride = 4,
        .bins = bins,
        .depth = depth,
        .samples = samples,
        .takes_maximum = takes_maximum,
        .is_aligned = is_aligned,
        .scale = 1.0f / 16,
        .output = guarded_output(region_count * stride),
        .output_stride = stride,
    };
    table->region_pool(&layer, 0, 3);
    table->region_pool(&layer, 3, region_count);
    for (ptrdiff_t r = 0; r < region_count; r++) {
        for (ptrdiff_t channel = 0; channel < channels; channel++) {
            double right = pooled(&layer, regions[r], channel);
            // Positions are computed in float32: a few last bits, on slopes of at most two.
            expect_sum(layer.output[r * stride + channel], right, 10, "region and channel", r * channels + channel);
        }
    }
    release_all();
}

void check_regions(const ck_table *table) {
    for (int bits = 0; bits < 4; bits++) {
        check(table, 7, 5, 2, bits & 1, bits >> 1);
        check(table, 3, 2, 1, bits & 1, bits >> 1);
        check(table, 1, 4, 3, bits & 1, bits >> 1);
    }
}
