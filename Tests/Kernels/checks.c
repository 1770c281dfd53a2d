#include "checks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char case_name[256];
static int is_open, has_failed, passed, failed, printed;

static void end_case(void) {
    if (!is_open) { return; }
    if (has_failed) { failed++; } else { passed++; }
    is_open = has_failed = 0;
}

void begin_case(const char *format, ...) {
    end_case();
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(case_name, sizeof case_name, format, arguments);
    va_end(arguments);
    is_open = 1;
}

int summarize(const char *title) {
    end_case();
    printf("%-12s %6d passed, %d failed\n", title, passed, failed);
    int count = failed;
    passed = failed = printed = 0;
    return count;
}

void expect(int holds, const char *format, ...) {
    if (holds) { return; }
    if (!has_failed && printed++ < 20) {
        printf("FAILED: %s: ", case_name);
        va_list arguments;
        va_start(arguments, format);
        vprintf(format, arguments);
        va_end(arguments);
        printf("\n");
    }
    has_failed = 1;
}

void expect_sum(float value, double expected, double magnitude, const char *place, ptrdiff_t at) {
    // Written so that NaN fails.
    int agrees = fabs((double)value - expected) <= 2e-6 * magnitude + 1e-37;
    expect(agrees, "%s %td is %.9g, not %.9g", place, at, value, expected);
}

void expect_same(const float *a, const float *b, ptrdiff_t count, const char *what) {
    for (ptrdiff_t i = 0; i < count; i++) {
        expect(memcmp(a + i, b + i, sizeof *a) == 0, "%s: %td is %.9g or %.9g", what, i, a[i], b[i]);
    }
}

static uint64_t state = 1;

uint32_t next_bits(void) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    uint64_t mixed = (state ^ (state >> 29)) * 0xbf58476d1ce4e5b9u;
    return (uint32_t)(mixed >> 32);
}

int next_below(int limit) { return (int)(next_bits() % (uint32_t)limit); }

float next_number(fill kind) {
    uint32_t bits = next_bits();
    float number = (float)(int32_t)next_bits() / 2147483648.0f;
    switch (kind) {
    case tiny: return number * 1e-18f;
    case huge: return number * 1e15f;
    case zeros: return bits % 2 ? -0.0f : 0.0f;
    case sparse: return bits % 8 ? 0 : number * 1000;
    case negative: return -1 - fabsf(number);
    default: return number;
    }
}

enum { band = 64, most_blocks = 64 };
static const float canary = -1.2345e33f;
static struct {
    float *memory;
    ptrdiff_t count;
} blocks[most_blocks];
static int block_count;

static float *guard(ptrdiff_t count) {
    float *memory = malloc((size_t)(count + 2 * band) * sizeof *memory);
    if (!memory || block_count == most_blocks) {
        fprintf(stderr, "no memory for %td numbers\n", count);
        exit(2);
    }
    for (ptrdiff_t i = 0; i < count + 2 * band; i++) { memory[i] = canary; }
    blocks[block_count].memory = memory;
    blocks[block_count++].count = count;
    return memory + band;
}

float *guarded(ptrdiff_t count, fill kind) {
    float *start = guard(count);
    for (ptrdiff_t i = 0; i < count; i++) { start[i] = next_number(kind); }
    return start;
}

float *guarded_output(ptrdiff_t count) {
    float *start = guard(count);
    for (ptrdiff_t i = 0; i < count; i++) { start[i] = NAN; }
    return start;
}

void release_all(void) {
    while (block_count > 0) {
        block_count--;
        float *memory = blocks[block_count].memory;
        ptrdiff_t after = band + blocks[block_count].count;
        for (ptrdiff_t i = 0; i < band; i++) {
            int holds = memory[i] == canary && memory[after + i] == canary;
            expect(holds, "written beyond %td numbers", blocks[block_count].count);
        }
        free(memory);
    }
}

buffer random_buffer(const int counts[most_ranges], ptrdiff_t pixels, ptrdiff_t width, fill kind) {
    buffer result = {.pixels = pixels};
    ptrdiff_t firsts[most_ranges], position = counts[1] ? 3 : 0;
    while (result.range_count < most_ranges && counts[result.range_count]) {
        int count = counts[result.range_count];
        firsts[result.range_count++] = position;
        position += count + 1;
        result.channels += count;
    }
    result.stride = rounded_up(position, width);
    float *start = guarded(pixels * result.stride + width, kind);
    for (int r = 0; r < result.range_count; r++) {
        result.ranges[r] = (ck_range){start + firsts[r], result.stride, counts[r]};
    }
    return result;
}

float buffer_value(const buffer *buffer, ptrdiff_t pixel, ptrdiff_t channel) {
    const ck_range *range = buffer->ranges;
    while (channel >= range->count) { channel -= range++->count; }
    return range->base[pixel * range->stride + channel];
}

ptrdiff_t padded_channels(const buffer *buffer, ptrdiff_t width) {
    ptrdiff_t position = 0, reach = 0;
    for (int r = 0; r < buffer->range_count; r++) {
        ptrdiff_t end = position + rounded_up(buffer->ranges[r].count, width);
        reach = end > reach ? end : reach;
        position += buffer->ranges[r].count;
    }
    return rounded_up(reach, width);
}

ck_window make_window(
    ptrdiff_t height, ptrdiff_t width, ptrdiff_t kernel, ptrdiff_t stride, ptrdiff_t padding
) {
    return (ck_window){
        .input_height = height,
        .input_width = width,
        .output_height = (height + 2 * padding - kernel) / stride + 1,
        .output_width = (width + 2 * padding - kernel) / stride + 1,
        .kernel = kernel,
        .stride = stride,
        .padding = padding,
    };
}
