// Shared parts of the kernel checks: cases and their count, random numbers, guarded memory, buffers.
#pragma once

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "CKernels.h"

/// Starts a case; it contains all expectations until the next one.
void begin_case(const char *format, ...) __attribute__((format(printf, 1, 2)));
/// Ends the last case, prints the counts since the last summary, and returns the number of failed cases.
int summarize(const char *title);
/// Fails the case unless `holds`; the first few failures are printed.
void expect(int holds, const char *format, ...) __attribute__((format(printf, 2, 3)));
/// Fails the case unless a sum agrees with one in double; `magnitude` is the sum of its terms' magnitudes.
void expect_sum(float value, double expected, double magnitude, const char *place, ptrdiff_t at);
/// Fails the case unless all bits are equal.
void expect_same(const float *a, const float *b, ptrdiff_t count, const char *what);

/// Kinds of input values, edge cases included.
typedef enum { uniform, tiny, huge, zeros, sparse, negative, fill_count } fill;

/// Pseudorandom bits, equal in every run.
uint32_t next_bits(void);
float next_number(fill kind);
/// A number from 0 to before `limit`.
int next_below(int limit);

/// Floats between two guard bands; freed by `release_all`.
float *guarded(ptrdiff_t count, fill kind);
/// Guarded output of a kernel, filled with NaN.
float *guarded_output(ptrdiff_t count);
/// Expects all guard bands to be unchanged, and frees all memory.
void release_all(void);

enum { most_ranges = 6 };

/// A buffer with several ranges of channels, with gaps between them, not on vector boundaries.
typedef struct {
    ptrdiff_t pixels, stride, channels;
    ck_range ranges[most_ranges];
    int range_count;
} buffer;

/// A random buffer. A count of zero ends the list.
buffer random_buffer(const int counts[most_ranges], ptrdiff_t pixels, ptrdiff_t width, fill kind);
/// The value of a channel, counted over all ranges.
float buffer_value(const buffer *buffer, ptrdiff_t pixel, ptrdiff_t channel);

/// Channels of outputs in the order of the ranges, with room for the last vector of each range.
ptrdiff_t padded_channels(const buffer *buffer, ptrdiff_t width);

static inline ptrdiff_t rounded_up(ptrdiff_t value, ptrdiff_t to) {
    return (value + to - 1) / to * to;
}

/// A window with as many outputs as fit the map.
ck_window make_window(
    ptrdiff_t height, ptrdiff_t width, ptrdiff_t kernel, ptrdiff_t stride, ptrdiff_t padding);

/// Weights of a GEMM, one row per output, with their packed form.
typedef struct {
    ptrdiff_t inputs, outputs, half_vectors, padded;
    /// float32, or integers from −127 to 127.
    float *weights;
    void *packed;
    float *bias;
    int32_t *starts;
    float *scales;
    ck_lowp lowp;
} packed_weights;

/// Random weights for float32, or for int8 with an inverse step and a zero point.
packed_weights random_weights(
    const ck_table *table, ptrdiff_t inputs, ptrdiff_t outputs, int is_int8, float inverse,
    float zero);
/// A sum over inputs without bias, and the sum of its terms' magnitudes.
typedef struct {
    double sum, magnitude;
} sum;
sum plain_sum(const packed_weights *weights, int is_int8, const float *inputs, ptrdiff_t output);

void check_pointwise(const ck_table *table);
void check_int8(const ck_table *table);
void check_windows(const ck_table *table);
void check_stem(const ck_table *table);
void check_moves(const ck_table *table);
void check_regions(const ck_table *table);
void check_images(const ck_table *table);
