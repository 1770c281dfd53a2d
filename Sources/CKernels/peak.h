// Independent multiply-adds on registers alone: the limit that products are measured against.

static double peak(ptrdiff_t rounds, float *sink) {
    vec sums[peak_sums];
    vec factor = splat(sink[0]), term = splat(sink[1]);
    CK_UNROLL for (int i = 0; i < peak_sums; i++) { sums[i] = splat((float)i); }
    for (ptrdiff_t round = 0; round < rounds; round++) {
        CK_UNROLL for (int i = 0; i < peak_sums; i++) {
            sums[i] = sums[i] * factor + term;
            CK_HIDE(sums[i]);
        }
    }
    vec total = sums[0];
    CK_UNROLL for (int i = 1; i < peak_sums; i++) { total += sums[i]; }
    store(sink, total);
    return (double)rounds * peak_sums * CK_WIDTH;
}
