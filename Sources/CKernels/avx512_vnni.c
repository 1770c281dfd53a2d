// Additional kernels for AVX-512 with dot products of bytes (AVX512_VNNI).
#include "CKernels.h"
#include "sets.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include "avx512.h"

#define CK_QUADS
#define CK_SATURATE(values) _mm512_cvtusepi32_epi8(_mm512_cvtps_epi32((__m512)(values)))
#define CK_INTEGER_DOT(sums, weights, inputs)                                                     \
    (ivec) _mm512_dpbusd_epi32((__m512i)(sums), (__m512i)(inputs), (__m512i)(weights))
#define CK_HALF_INTEGER_DOT(sums, weights, inputs)                                                \
    (half_ivec) _mm256_dpbusd_epi32((__m256i)(sums), (__m256i)(inputs), (__m256i)(weights))

#pragma clang attribute push(                                                                     \
    __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx512vnni,fma"))),                 \
    apply_to = function)
#include "vector.h"

#include "activation.h"

#include "tile_table.h"

#include "int8.h"

void ck_fill_avx512_vnni(ck_table *table) { table->int8 = lowp_kernels; }
#pragma clang attribute pop

#endif
