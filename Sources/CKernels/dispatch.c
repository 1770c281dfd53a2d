// The choice among the instruction sets: the portable table first, overwritten as far as the processor
// goes and the caller allows.
#include "CKernels.h"
#include "sets.h"

ck_set ck_best(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) { return ck_portable; }
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512vl")
        || !__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512dq")) {
        return ck_avx2;
    }
    return ck_avx512;
#else
    return ck_portable;
#endif
}

ck_table ck_kernels(ck_set limit) {
    ck_table table;
    ck_fill_portable(&table);
#if defined(__x86_64__)
    ck_set best = ck_best();
    ck_set set = limit < best ? limit : best;
    if (set >= ck_avx2) { ck_fill_avx2(&table); }
    if (set < ck_avx512) { return table; }
    ck_fill_avx512(&table);
    if (__builtin_cpu_supports("avx512bf16")) { ck_fill_avx512_bfloat16(&table); }
    if (__builtin_cpu_supports("avx512vnni")) { ck_fill_avx512_vnni(&table); }
#else
    (void)limit;
#endif
    return table;
}
