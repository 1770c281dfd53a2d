// Kernels for NEON. Tuned for two multiply-adds per cycle with a latency of four cycles (Cortex-A76 and similar).
#include "CKernels.h"
#include "sets.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#include "neon.h"

#define CK_NAME "neon"
#define CK_FILL ck_fill_neon

typedef int16_t numbers __attribute__((ext_vector_type(8)));

// Adds the products of a step of two 16-bit numbers, each by one widening multiply-add with a lane.
static inline __attribute__((always_inline)) int32x4_t two_products(
    int32x4_t sums, int32x4_t weights, numbers inputs, int lane
) {
    sums = vmlal_n_s16(sums, vmovn_s32(weights), inputs[2 * lane]);
    return vmlal_n_s16(sums, vshrn_n_s32(weights, 16), inputs[2 * lane + 1]);
}

#define CK_INTEGER_DOT_LANE(sums, weights, inputs, lane)                                          \
    (ivec) two_products((int32x4_t)(sums), (int32x4_t)(weights), (numbers)(inputs), lane)
// All lanes hold the same inputs.
#define CK_INTEGER_DOT(sums, weights, inputs) CK_INTEGER_DOT_LANE(sums, weights, inputs, 0)

#include "bodies.h"

#endif
