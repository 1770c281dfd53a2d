// Gathers, averages, and the loops that measure throughput.
#include "checks.h"

#include <string.h>

static const int range_lists[][most_ranges] = {
    {1}, {4}, {7}, {30, 15, 8, 7}, {1, 1, 33}, {245},
};
enum { range_list_count = sizeof range_lists / sizeof *range_lists };

static void check_gather(const ck_table *table, const int *counts, int is_indexed) {
    begin_case("gather, ranges from %d, indexed %d", counts[0], is_indexed);
    enum { pixels = 9 };
    buffer input = random_buffer(counts, pixels, table->width, uniform);
    int32_t index[pixels];
    for (int p = 0; p < pixels; p++) { index[p] = is_indexed ? next_below(pixels) : p; }
    ptrdiff_t stride = rounded_up(input.channels, table->width);
    ck_gather layer = {
        .ranges = input.ranges,
        .range_count = input.range_count,
        .index = is_indexed ? index : 0,
        .output = guarded_output(pixels * stride),
        .output_stride = stride,
    };
    table->gather(&layer, 0, 4);
    table->gather(&layer, 4, pixels);
    for (int p = 0; p < pixels; p++) {
        for (ptrdiff_t c = 0; c < input.channels; c++) {
            float value = buffer_value(&input, index[p], c);
            expect_same(layer.output + p * stride + c, &value, 1, "copy");
        }
    }
    release_all();
}

static void check_average(const ck_table *table, const int *counts, ptrdiff_t pixels, fill kind) {
    begin_case("average of %td pixels, ranges from %d, fill %d", pixels, counts[0], kind);
    buffer input = random_buffer(counts, pixels, table->width, kind);
    float *output = guarded_output(padded_channels(&input, table->width));
    ck_average layer = {input.ranges, input.range_count, pixels, output};
    table->average(&layer);
    for (ptrdiff_t c = 0; c < input.channels; c++) {
        double total = 0, magnitude = 0;
        for (ptrdiff_t p = 0; p < pixels; p++) {
            total += (double)buffer_value(&input, p, c);
            magnitude += fabs((double)buffer_value(&input, p, c));
        }
        expect_sum(output[c], total / (double)pixels, magnitude / (double)pixels, "channel", c);
    }
    release_all();
}

static void check_fma_throughput(
    const char *name, double (*fma_throughput)(ptrdiff_t rounds, float *sink), ptrdiff_t width
) {
    begin_case("throughput of %s", name);
    float *sink = guarded(width, uniform);
    sink[0] = sink[1] = 0.5f;
    double once = fma_throughput(10, sink);
    expect(once >= 10 * (double)width, "%g multiply-adds in ten rounds", once);
    expect(fma_throughput(20, sink) == 2 * once, "twice the rounds are not twice the multiply-adds");
    release_all();
}

void check_moves(const ck_table *table) {
    for (int i = 0; i < range_list_count; i++) {
        check_gather(table, range_lists[i], 0);
        check_gather(table, range_lists[i], 1);
        for (ptrdiff_t pixels = 1; pixels <= 9; pixels++) {
            check_average(table, range_lists[i], pixels, uniform);
        }
    }
    for (fill kind = 0; kind < fill_count; kind++) {
        check_average(table, range_lists[3], 100, kind);
    }
    check_fma_throughput("float32", table->fma_throughput, table->width);
    check_fma_throughput("int8", table->int8.fma_throughput, table->width);
}
