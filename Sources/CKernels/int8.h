// GEMM of inputs from 0 to 255 and weights from −127 to 127. Sums are 32-bit integers: exact, and therefore equal on
// every instruction set.
//
// Sets with a dot product of bytes (CK_QUADS) take four inputs to a step. Others take two, widened to 16 bits, because
// the older instruction for bytes (vpmaddubsw) saturates its sums of two. Where the instruction takes signed bytes,
// CK_OFFSET is subtracted from the inputs, and the packed starts compensate for it.

#define CK_IS_INTEGER 1

#ifndef CK_OFFSET
#define CK_OFFSET 0
#endif

#ifdef CK_QUADS
#define CK_GROUP 4
typedef uint8_t lowp_value;
#else
#define CK_GROUP 2
typedef int16_t lowp_value;
#endif

typedef lowp_value lowp_vec __attribute__((ext_vector_type(CK_WIDTH)));

// Stores round(value · inverse + zero), clamped to 0…255; NaN becomes 0. Adding the magic number leaves the rounded
// value in the lowest bits.
CK_INLINE void store_lowp(lowp_value *to, vec values, const ck_pointwise *layer) {
    vec scaled = values * layer->lowp->inverse + layer->lowp->zero;
#if defined(CK_SATURATE)
    __m128i saturated = CK_SATURATE(greater_of(scaled, splat(0.0f)));
    __builtin_memcpy(to, &saturated, sizeof saturated);
    return;
#endif
    vec bounded = lesser_of(greater_of(scaled, splat(0.0f)), splat(255.0f));
    ivec whole = (ivec)(bounded + 12582912.0f) & 255;
    lowp_vec quantized = __builtin_convertvector(whole - CK_OFFSET, lowp_vec);
    __builtin_memcpy(to, &quantized, sizeof quantized);
}

CK_INLINE vec dot(vec sums, ivec weights, ivec inputs) {
    return (vec)CK_INTEGER_DOT((ivec)sums, weights, inputs);
}

#ifdef CK_LANES
CK_INLINE vec dot_lane(vec sums, ivec weights, ivec inputs, int lane) {
    return (vec)CK_INTEGER_DOT_LANE((ivec)sums, weights, inputs, lane);
}
#endif

#if CK_PADDING < CK_WIDTH
CK_INLINE half_vec half_dot(half_vec sums, half_ivec weights, half_ivec inputs) {
    return (half_vec)CK_HALF_INTEGER_DOT((half_ivec)sums, weights, inputs);
}
#endif

#include "lowp.h"
