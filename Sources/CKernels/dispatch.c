// Choice of the instruction set: the portable table first, overwritten as far as the processor supports and the caller
// allows.
#include "CKernels.h"
#include "sets.h"

#if defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

#if defined(__x86_64__)

static ck_set best_of_processor(void) {
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) { return ck_portable; }
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512vl")
        || !__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512dq")) {
        return ck_avx2;
    }
    return ck_avx512;
}

// Intel's processors have the instruction, but it does half as many multiply-adds per cycle as float32 (measured on
// family 6, model 207: one in 0.83 ns, where a float32 multiply-add of half the work takes 0.21 ns).
static bool bfloat16_gains(void) { return __builtin_cpu_is("amd") != 0; }

static void fill(ck_table *table, ck_set set) {
    if (set >= ck_avx2) { ck_fill_avx2(table); }
    if (set < ck_avx512) { return; }
    ck_fill_avx512(table);
    if (__builtin_cpu_supports("avx512bf16")) {
        ck_fill_avx512_bfloat16(table);
        table->bfloat16_gains = bfloat16_gains();
    }
    if (__builtin_cpu_supports("avx512vnni")) { ck_fill_avx512_vnni(table); }
}

// The sets in between belong to other processors.
ck_set ck_best(ck_set limit) {
    ck_set best = best_of_processor();
    if (limit >= best) { return best; }
    return limit < ck_avx2 ? ck_portable : limit;
}

#elif defined(__aarch64__)

static int has_byte_dot_product(void) {
#if defined(__ARM_FEATURE_DOTPROD)
    return 1;
#elif defined(__linux__)
    return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
#else
    return 0;
#endif
}

static void fill(ck_table *table, ck_set set) {
    if (set < ck_neon) { return; }
    ck_fill_neon(table);
    if (has_byte_dot_product()) { ck_fill_neon_dotprod(table); }
}

// Every 64-bit ARM processor has NEON.
ck_set ck_best(ck_set limit) { return limit < ck_neon ? ck_portable : ck_neon; }

#else

static void fill(ck_table *table, ck_set set) {
    (void)table;
    (void)set;
}

ck_set ck_best(ck_set limit) {
    (void)limit;
    return ck_portable;
}

#endif

ck_table ck_kernels(ck_set limit) {
    ck_table table;
    ck_fill_portable(&table);
    fill(&table, ck_best(limit));
    return table;
}
