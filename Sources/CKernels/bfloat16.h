// GEMM in bfloat16, two inputs to a step, with sums in float32. Requires a bfloat16 dot-product instruction.

#define CK_GROUP 2
#define CK_IS_INTEGER 0
#define CK_OFFSET 0

typedef uint16_t lowp_value;

// Rounds to nearest, ties to even.
CK_INLINE void store_lowp(lowp_value *to, vec values, const ck_pointwise *layer) {
    (void)layer;
    __m256bh rounded = _mm512_cvtneps_pbh((__m512)values);
    __builtin_memcpy(to, &rounded, sizeof rounded);
}

CK_INLINE vec dot(vec sums, ivec weights, ivec inputs) {
    return (vec)_mm512_dpbf16_ps((__m512)sums, (__m512bh)weights, (__m512bh)inputs);
}

CK_INLINE half_vec half_dot(half_vec sums, half_ivec weights, half_ivec inputs) {
    return (half_vec)_mm256_dpbf16_ps((__m256)sums, (__m256bh)weights, (__m256bh)inputs);
}

#include "lowp.h"
