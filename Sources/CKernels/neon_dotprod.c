// Additional kernels for NEON with dot products of bytes (ARMv8.2).
#include "CKernels.h"
#include "sets.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#include "neon.h"

// The instruction takes signed bytes only.
#define CK_QUADS
#define CK_OFFSET 128
#define CK_INTEGER_DOT(sums, weights, inputs)                                                     \
    (ivec) vdotq_s32((int32x4_t)(sums), (int8x16_t)(weights), (int8x16_t)(inputs))
#define CK_INTEGER_DOT_LANE(sums, weights, inputs, lane)                                          \
    CK_INTEGER_DOT(sums, weights, (ivec)((inputs)[lane]))

#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#include "vector.h"

#include "activation.h"

#include "tile_table.h"

#include "int8.h"

void ck_fill_neon_dotprod(ck_table *table) { table->int8 = lowp_kernels; }
#pragma clang attribute pop

#endif
