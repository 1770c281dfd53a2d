// What the checks of the kernels share: cases and their count, numbers, guarded memory, slabs.
#pragma once

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "CKernels.h"

/// Starts a case; everything expected until the next belongs to it.
void begin_case(const char *format, ...) __attribute__((format(printf, 1, 2)));
/// Ends the last case; says how many passed and failed since the last summary, and returns the failed ones.
int summarize(const char *title);
/// The case fails unless this holds; the first few reasons are printed.
void expect(int holds, const char *format, ...) __attribute__((format(printf, 2, 3)));
/// The case fails unless a sum agrees with one in double, given the sum of its terms' magnitudes.
void expect_sum(float value, double expected, double magnitude, const char *place, ptrdiff_t at);
/// The case fails unless all bits are the same.
void expect_same(const float *a, const float *b, ptrdiff_t count, const char *what);

/// Numbers that kernels get wrong first.
typedef enum { uniform, tiny, huge, zeros, sparse, negative, fill_count } fill;

/// The same numbers follow in every run.
uint32_t next_bits(void);
float next_number(fill kind);
/// At most `limit` and at least 0.
int next_below(int limit);

/// Floats between two bands that nobody may write; freed by `release_all`.
float *guarded(ptrdiff_t count, fill kind);
/// What a kernel writes: not a number until it does.
float *guarded_output(ptrdiff_t count);
/// Expects all bands to be as they were, and frees everything.
void release_all(void);

enum { most_ranges = 6 };

/// A slab with several ranges of channels, with gaps between them, not on vector boundaries.
typedef struct {
    ptrdiff_t pixels, stride, channels;
    ck_range ranges[most_ranges];
    int range_count;
} slab;

/// Counts of zero end the list.
slab random_slab(const int counts[most_ranges], ptrdiff_t pixels, ptrdiff_t width, fill kind);
/// Channel `channel` of the ranges, one after another.
float slab_value(const slab *slab, ptrdiff_t pixel, ptrdiff_t channel);

/// Channels of outputs in the order of the ranges, with room for the last vector of each range.
ptrdiff_t padded_channels(const slab *slab, ptrdiff_t width);

static inline ptrdiff_t rounded_up(ptrdiff_t value, ptrdiff_t to) {
    return (value + to - 1) / to * to;
}

/// The window's map: outputs as many as fit.
ck_window make_window(
    ptrdiff_t height, ptrdiff_t width, ptrdiff_t kernel, ptrdiff_t stride, ptrdiff_t padding);

/// Weights of a product, one row per output, and how the kernels want them.
typedef struct {
    ptrdiff_t inputs, outputs, halves, padded;
    /// Of float32, or whole numbers from −127 to 127.
    float *weights;
    void *packed;
    float *bias;
    int32_t *starts;
    float *scales;
    ck_narrowing narrowing;
} product_weights;

/// Weights for float32, or for int8 with this inverse and zero point.
product_weights random_weights(
    const ck_table *table, ptrdiff_t inputs, ptrdiff_t outputs, int is_int8, float inverse,
    float zero);
/// The sum of a product over inputs, without bias, and the sum of its terms' magnitudes.
typedef struct {
    double sum, magnitude;
} sum;
sum product_sum(const product_weights *weights, int is_int8, const float *inputs, ptrdiff_t output);

void check_products(const ck_table *table);
void check_int8(const ck_table *table);
void check_windows(const ck_table *table);
void check_stem(const ck_table *table);
void check_moves(const ck_table *table);
void check_regions(const ck_table *table);
void check_pictures(const ck_table *table);
