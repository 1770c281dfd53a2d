// Kernels for AVX2 with FMA: eight floats to a vector, sixteen registers.
#include "CKernels.h"
#include "sets.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define CK_WIDTH 8
#define CK_TILE 6
#define CK_SPARE 3
#define CK_TIGHT
#define CK_PADDING CK_WIDTH
#define CK_NAME "avx2"
#define CK_FILL ck_fill_avx2
#define CK_REGISTER "x"
#define CK_INTEGER_DOT(sums, weights, inputs)                                                     \
    ((sums) + (ivec)_mm256_madd_epi16((__m256i)(inputs), (__m256i)(weights)))

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "bodies.h"
#pragma clang attribute pop

#endif
