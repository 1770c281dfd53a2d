// Compares every kernel of every instruction set that the processor has with plain loops.
//
// Exits with 0 when all agree, 1 when one differs, 3 when a set named in the arguments is missing.
#include "checks.h"

#include <stdio.h>
#include <string.h>

#if defined(__x86_64__)
void ck_fill_avx512(ck_table *_Nonnull table);

// Checks the kernels for AVX-512 without dot products of bytes: two inputs to a step.
static int check_older_avx512(void) {
    ck_table table = ck_kernels(ck_avx512);
    ck_fill_avx512(&table);
    printf("== %s, %td inputs to a step of int8\n", table.name, table.int8.group);
    check_int8(&table);
    check_stem(&table);
    return summarize("int8 and stem");
}
#endif

static int check_set(const ck_table *table) {
    static const struct {
        const char *name;
        void (*check)(const ck_table *table);
    } parts[] = {
        {"pointwise", check_pointwise}, {"int8", check_int8},   {"windows", check_windows},
        {"stem", check_stem},         {"moves", check_moves}, {"regions", check_regions},
        {"images", check_images},
    };
    printf("== %s, %td inputs to a step of int8\n", table->name, table->int8.group);
    int failed = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        parts[i].check(table);
        failed += summarize(parts[i].name);
    }
    return failed;
}

// True when every requested set was checked.
static int were_checked(char **names, const char *checked) {
    int all = 1;
    for (; *names; names++) {
        char word[32];
        snprintf(word, sizeof word, " %s ", *names);
        if (strstr(checked, word)) { continue; }
        printf("MISSING: kernels for %s, which this processor lacks\n", *names);
        all = 0;
    }
    return all;
}

int main(int count, char **arguments) {
    (void)count;
    static const char *const names[] = {"portable", "neon", "avx2", "avx512"};
    char checked[64] = " ";
    int failed = 0;
    for (ck_set set = ck_portable; set <= ck_avx512; set++) {
        if (ck_best(set) != set) {
            printf("SKIPPED: kernels for %s, which this processor lacks\n", names[set]);
            continue;
        }
        ck_table table = ck_kernels(set);
        failed += check_set(&table);
#if defined(__x86_64__)
        if (set == ck_avx512) { failed += check_older_avx512(); }
#endif
        strcat(strcat(checked, table.name), " ");
    }
    printf(failed ? "%d cases FAILED\n" : "all passed\n", failed);
    if (failed) { return 1; }
    return were_checked(arguments + 1, checked) ? 0 : 3;
}
