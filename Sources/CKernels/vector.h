// The vector type of the including file's instruction set, and its primitives.
//
// The including file defines CK_WIDTH, the floats in a vector; CK_TILE, the most pixels in a tile of a GEMM; and
// CK_SPARE, the registers that such a tile leaves for weights of several steps.

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
#define CK_JOIN_(a, b) a##_##b
#define CK_JOIN(a, b) CK_JOIN_(a, b)
// Hides a vector's origin from the compiler, so that it is not optimized away.
#define CK_HIDE(x) __asm__("" : "+" CK_REGISTER(x))
// Orders the next load after a sum. Where sums, a step's weights and one input fill the registers, an early load would
// spill sums to memory.
#ifdef CK_TIGHT
#define CK_SETTLE(sum, next) __asm__ volatile("" : "+" CK_REGISTER(sum), "+r"(next))
#else
#define CK_SETTLE(sum, next)
#endif
#define CK_UNROLL _Pragma("clang loop unroll(full)")

// Enough independent sums to hide the latency of two multiply-adds per cycle.
enum { throughput_sums = 12 };

CK_INLINE vec load(const float *from) { return *(const packed_vec *)from; }

CK_INLINE void store(float *to, vec value) { *(packed_vec *)to = value; }

CK_INLINE vec splat(float value) { return (vec)(value); }

// Returns the second operand where either is NaN.
CK_INLINE vec greater_of(vec a, vec b) { return a > b ? a : b; }

CK_INLINE vec lesser_of(vec a, vec b) { return a < b ? a : b; }

CK_INLINE float floor_of(ck_activation activation) {
    return activation == ck_relu ? 0.0f : -__builtin_inff();
}
