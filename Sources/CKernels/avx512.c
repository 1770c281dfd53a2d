// Kernels for AVX-512.
#include "CKernels.h"
#include "sets.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include "avx512.h"

#define CK_FILL ck_fill_avx512
#define CK_INTEGER_DOT(sums, weights, inputs)                                                     \
    ((sums) + (ivec)_mm512_madd_epi16((__m512i)(inputs), (__m512i)(weights)))
#define CK_HALF_INTEGER_DOT(sums, weights, inputs)                                                \
    ((sums) + (half_ivec)_mm256_madd_epi16((__m256i)(inputs), (__m256i)(weights)))

#pragma clang attribute push(                                                                     \
    __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,fma"))), apply_to = function)
#include "bodies.h"
#pragma clang attribute pop

#endif
