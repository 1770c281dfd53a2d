// The vector type of the instruction set that includes this file, and its few primitives.
//
// Before: CK_WIDTH, the floats in a vector; CK_TILE, the most pixels in a tile of a product.

typedef float vec __attribute__((ext_vector_type(CK_WIDTH)));
typedef int32_t ivec __attribute__((ext_vector_type(CK_WIDTH)));
typedef float packed_vec __attribute__((ext_vector_type(CK_WIDTH), aligned(4), may_alias));
typedef int32_t packed_ivec __attribute__((ext_vector_type(CK_WIDTH), aligned(4), may_alias));
typedef int32_t half_ivec __attribute__((ext_vector_type(CK_WIDTH / 2)));
typedef int32_t packed_half_ivec
    __attribute__((ext_vector_type(CK_WIDTH / 2), aligned(4), may_alias));
typedef float half_vec __attribute__((ext_vector_type(CK_WIDTH / 2)));
typedef float packed_half_vec
    __attribute__((ext_vector_type(CK_WIDTH / 2), aligned(4), may_alias));

#define CK_INLINE static inline __attribute__((always_inline))
// Keeps the compiler from seeing how a vector came about.
#define CK_HIDE(x) __asm__("" : "+" CK_REGISTER(x))
#define CK_UNROLL _Pragma("clang loop unroll(full)")

// Enough independent sums to hide the latency of two multiply-adds a cycle.
enum { peak_sums = 12 };

CK_INLINE vec load(const float *from) { return *(const packed_vec *)from; }

CK_INLINE void store(float *to, vec value) { *(packed_vec *)to = value; }

CK_INLINE vec splat(float value) { return (vec)(value); }

// The second operand where either is not a number.
CK_INLINE vec greater_of(vec a, vec b) { return a > b ? a : b; }

CK_INLINE half_vec load_half(const float *from) { return *(const packed_half_vec *)from; }

CK_INLINE ivec load_integers(const int32_t *from) { return *(const packed_ivec *)from; }

CK_INLINE half_ivec load_half_integers(const int32_t *from) {
    return *(const packed_half_ivec *)from;
}

CK_INLINE void store_half(float *to, half_vec value) { *(packed_half_vec *)to = value; }

CK_INLINE half_vec lower_half(vec value) { return value.lo; }

CK_INLINE half_vec greater_half_of(half_vec a, half_vec b) { return a > b ? a : b; }

CK_INLINE vec lesser_of(vec a, vec b) { return a < b ? a : b; }

CK_INLINE float floor_of(ck_activation activation) {
    return activation == ck_relu ? 0.0f : -__builtin_inff();
}

// e^x for |x| ≤ 87, to about one unit in the last place: x = n·ln 2 + r, a polynomial in r, and n put
// into the exponent.
CK_INLINE vec exponential(vec x) {
    const float magic = 12582912.0f;
    vec shifted = x * 1.44269504f + magic;
    vec n = shifted - magic;
    vec r = x - n * 0.693359375f;
    r = r - n * -2.12194440e-4f;
    vec p = splat(1.9875691500e-4f);
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    vec result = p * (r * r) + (r + 1.0f);
    // Casts between vectors keep the bits.
    ivec exponent = ((ivec)shifted - (ivec)splat(magic)) << 23;
    return (vec)((ivec)result + exponent);
}

CK_INLINE vec logistic(vec x) {
    vec bounded = lesser_of(greater_of(-x, splat(-87.0f)), splat(87.0f));
    return splat(1.0f) / (exponential(bounded) + 1.0f);
}
