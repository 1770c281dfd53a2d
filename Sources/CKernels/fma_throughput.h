// Independent multiply-adds on registers only: the throughput limit that GEMMs are compared with.

static double fma_throughput(ptrdiff_t rounds, float *sink) {
    vec sums[throughput_sums];
    vec factor = splat(sink[0]), term = splat(sink[1]);
    CK_UNROLL for (int i = 0; i < throughput_sums; i++) { sums[i] = splat((float)i); }
    for (ptrdiff_t round = 0; round < rounds; round++) {
        CK_UNROLL for (int i = 0; i < throughput_sums; i++) {
            sums[i] = sums[i] * factor + term;
            CK_HIDE(sums[i]);
        }
    }
    vec total = sums[0];
    CK_UNROLL for (int i = 1; i < throughput_sums; i++) { total += sums[i]; }
    store(sink, total);
    return (double)rounds * throughput_sums * CK_WIDTH;
}
