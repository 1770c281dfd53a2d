// Products of inputs from 0 to 255 and weights from −127 to 127, summed in 32-bit integers: exact, and so the same
// on every instruction set.
//
// Where the set multiplies bytes (CK_QUADS), four go to a step; elsewhere two, widened to 16 bits, since the older
// instruction for bytes saturates its sums of two without a word. Where bytes are signed, inputs are less by
// CK_OFFSET, which the packed starts make up for.

#define CK_IS_INTEGER 1

#ifndef CK_OFFSET
#define CK_OFFSET 0
#endif

#ifdef CK_QUADS
#define CK_GROUP 4
typedef uint8_t narrow_value;
#else
#define CK_GROUP 2
typedef int16_t narrow_value;
#endif

typedef narrow_value narrow_vec __attribute__((ext_vector_type(CK_WIDTH)));

// round(value · inverse + zero) within 0…255; what is not a number becomes 0. Adding the magic number leaves
// the rounded value in the lowest bits.
CK_INLINE void store_narrow(narrow_value *to, vec values, const ck_pointwise *layer) {
    vec scaled = values * layer->narrowing->inverse + layer->narrowing->zero;
#if defined(CK_SATURATE)
    __m128i saturated = CK_SATURATE(greater_of(scaled, splat(0.0f)));
    __builtin_memcpy(to, &saturated, sizeof saturated);
    return;
#endif
    vec bounded = lesser_of(greater_of(scaled, splat(0.0f)), splat(255.0f));
    ivec whole = (ivec)(bounded + 12582912.0f) & 255;
    narrow_vec narrow = __builtin_convertvector(whole - CK_OFFSET, narrow_vec);
    __builtin_memcpy(to, &narrow, sizeof narrow);
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

#include "narrow.h"
