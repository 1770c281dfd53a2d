// A decoded picture brought to the network's input: planes resized, turned into red, green and blue,
// held within 0…255 and normalised, in one pass.
//
// Works on strips of as many rows as a vector has lanes. First the rows that one row of the result needs
// are summed in fixed point, which is plain vector work along them; the strip is then turned, so that a
// vector holds one column, and from there on a lane is a row: weights are the same for all lanes, whatever
// the ratio.

// Samples as fractions of 65536, twice as many as floats in a register.
enum { samples_at_once = 2 * CK_WIDTH };
typedef uint16_t words __attribute__((ext_vector_type(samples_at_once)));
typedef uint32_t long_words __attribute__((ext_vector_type(samples_at_once)));
typedef uint8_t packed_bytes
    __attribute__((ext_vector_type(samples_at_once), aligned(1), may_alias));
typedef uint16_t packed_words
    __attribute__((ext_vector_type(samples_at_once), aligned(1), may_alias));
typedef uint16_t column_words __attribute__((ext_vector_type(CK_WIDTH)));

CK_INLINE words load_samples(const uint8_t *from, ptrdiff_t bytes, ptrdiff_t lift) {
    if (bytes == 1) { return __builtin_convertvector(*(const packed_bytes *)from, words) << 8; }
    return *(const packed_words *)from << (words)(uint16_t)lift;
}

// The upper halves of the products. Compilers see through the plain form only where it fits a register.
CK_INLINE words share_of(words samples, uint16_t share) {
#if defined(__x86_64__) && CK_WIDTH == 16
    typedef int16_t signs __attribute__((vector_size(64)));
    return (words)__builtin_ia32_pmulhuw512((signs)samples, (signs)(words)(share));
#elif defined(__x86_64__) && CK_WIDTH == 8
    typedef int16_t signs __attribute__((vector_size(32)));
    return (words)__builtin_ia32_pmulhuw256((signs)samples, (signs)(words)(share));
#endif
    long_words product = __builtin_convertvector(samples, long_words) * (long_words)(uint32_t)share;
    return __builtin_convertvector(product >> 16, words);
}

// Adjacent samples of a plane.
typedef struct {
    ptrdiff_t first, count;
} sample_run;

// The samples of a plane that some columns of the result need, in whole vectors that stay inside the row
// unless the row itself is shorter.
static sample_run samples_under(const ck_plane *plane, ptrdiff_t from, ptrdiff_t to) {
    const ck_axis *axis = &plane->horizontal;
    ptrdiff_t first = axis->first[from] * plane->step;
    ptrdiff_t end = (axis->first[to - 1] + axis->count[to - 1]) * plane->step;
    ptrdiff_t count = (end - first + samples_at_once - 1) / samples_at_once * samples_at_once;
    ptrdiff_t latest = plane->samples - count;
    if (latest < first) { first = latest > 0 ? latest : 0; }
    return (sample_run){first, count};
}

// Pictures come from memory in runs too short for the processor to see them coming: rows are asked for this
// many ahead.
enum { rows_ahead = 8 };

// Shares of the rows under one row of the result, added up. Each product was rounded down; half a unit for
// each makes up for it.
CK_INLINE void sum_vectors(
    const ck_image *image, const ck_plane *plane, ptrdiff_t row, const uint8_t *from,
    ptrdiff_t bytes, ptrdiff_t vectors, uint16_t *to
) {
    const ck_axis *axis = &plane->vertical;
    const uint16_t *shares = axis->shares + axis->offset[row];
    ptrdiff_t taps = axis->count[row];
    words sums[4];
    CK_UNROLL for (ptrdiff_t v = 0; v < vectors; v++) { sums[v] = (words)(uint16_t)(taps / 2); }
    for (ptrdiff_t tap = 0; tap < taps; tap++) {
        CK_UNROLL for (ptrdiff_t v = 0; v < vectors; v++) {
            words samples = load_samples(from + v * samples_at_once * bytes, bytes, image->lift);
            sums[v] = __builtin_elementwise_add_sat(sums[v], share_of(samples, shares[tap]));
        }
        CK_UNROLL for (ptrdiff_t b = 0; b < vectors * samples_at_once * bytes; b += 64) {
            __builtin_prefetch(from + rows_ahead * plane->stride + b);
        }
        from += plane->stride;
    }
    CK_UNROLL for (ptrdiff_t v = 0; v < vectors; v++) {
        *(packed_words *)(to + v * samples_at_once) = sums[v];
    }
}

CK_INLINE void sum_row(
    const ck_image *image, const ck_plane *plane, ptrdiff_t row, sample_run run, ptrdiff_t bytes,
    uint16_t *to
) {
    const uint8_t *from = (const uint8_t *)plane->base
        + plane->vertical.first[row] * plane->stride + run.first * bytes;
    ptrdiff_t done = 0, four = 4 * samples_at_once;
    for (; done + four <= run.count; done += four) {
        sum_vectors(image, plane, row, from + done * bytes, bytes, 4, to + done);
    }
    for (; done < run.count; done += samples_at_once) {
        sum_vectors(image, plane, row, from + done * bytes, bytes, 1, to + done);
    }
}

// The same for a row that is shorter than the vectors that would be read from it.
static void sum_short_row(
    const ck_image *image, const ck_plane *plane, ptrdiff_t row, uint16_t *to
) {
    const ck_axis *axis = &plane->vertical;
    for (ptrdiff_t s = 0; s < plane->samples; s++) {
        ptrdiff_t taps = axis->count[row];
        uint32_t sum = (uint32_t)(taps / 2);
        for (ptrdiff_t tap = 0; tap < taps; tap++) {
            const uint8_t *from = (const uint8_t *)plane->base
                + (axis->first[row] + tap) * plane->stride + s * image->sample_bytes;
            uint32_t sample = from[0];
            if (image->sample_bytes == 2) { sample |= (uint32_t)from[1] << 8; }
            sample = (uint16_t)(sample << image->lift);
            sum += sample * axis->shares[axis->offset[row] + tap] >> 16;
        }
        to[s] = sum < 65535 ? (uint16_t)sum : 65535;
    }
}

static void sum_rows(
    const ck_image *image, const ck_plane *plane, sample_run run, ptrdiff_t first, ptrdiff_t rows,
    uint16_t *lines
) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        uint16_t *line = lines + row * run.count;
        if (run.count > plane->samples) {
            sum_short_row(image, plane, first + row, line);
        } else if (image->sample_bytes == 1) {
            sum_row(image, plane, first + row, run, 1, line);
        } else {
            sum_row(image, plane, first + row, run, 2, line);
        }
    }
}

CK_INLINE words interleave_low_words(words a, words b) {
    words result;
    result.even = a.lo;
    result.odd = b.lo;
    return result;
}

CK_INLINE words interleave_high_words(words a, words b) {
    words result;
    result.even = a.hi;
    result.odd = b.hi;
    return result;
}

// Rows become columns: as many rounds of interleaving as the number of rows has doublings. Lanes beyond the
// last row count for nothing.
static void turn_rows(const uint16_t *lines, sample_run run, ptrdiff_t rows, float *columns) {
    for (ptrdiff_t s = 0; s < run.count; s += samples_at_once) {
        words square[CK_WIDTH], turned[CK_WIDTH];
        CK_UNROLL for (int row = 0; row < CK_WIDTH; row++) {
            square[row] = *(const packed_words *)(lines + (row < rows ? row : 0) * run.count + s);
        }
        CK_UNROLL for (int round = 1; round < CK_WIDTH; round *= 2) {
            CK_UNROLL for (int i = 0; i < CK_WIDTH / 2; i++) {
                words a = square[i], b = square[i + CK_WIDTH / 2];
                turned[2 * i] = interleave_low_words(a, b);
                turned[2 * i + 1] = interleave_high_words(a, b);
            }
            CK_UNROLL for (int i = 0; i < CK_WIDTH; i++) { square[i] = turned[i]; }
        }
        float *to = columns + s * CK_WIDTH;
        CK_UNROLL for (int i = 0; i < CK_WIDTH; i++) {
            ivec left = __builtin_convertvector((column_words)square[i].lo, ivec);
            ivec right = __builtin_convertvector((column_words)square[i].hi, ivec);
            store(to + 2 * i * CK_WIDTH, __builtin_convertvector(left, vec));
            store(to + (2 * i + 1) * CK_WIDTH, __builtin_convertvector(right, vec));
        }
    }
}

CK_INLINE vec interleave_low(vec a, vec b) {
    vec result;
    result.even = a.lo;
    result.odd = b.lo;
    return result;
}

CK_INLINE vec interleave_high(vec a, vec b) {
    vec result;
    result.even = a.hi;
    result.odd = b.hi;
    return result;
}

// The same for floats.
CK_INLINE void turn(vec *square) {
    CK_UNROLL for (int round = 1; round < CK_WIDTH; round *= 2) {
        vec turned[CK_WIDTH];
        CK_UNROLL for (int i = 0; i < CK_WIDTH / 2; i++) {
            turned[2 * i] = interleave_low(square[i], square[i + CK_WIDTH / 2]);
            turned[2 * i + 1] = interleave_high(square[i], square[i + CK_WIDTH / 2]);
        }
        CK_UNROLL for (int i = 0; i < CK_WIDTH; i++) { square[i] = turned[i]; }
    }
}

// A component of a plane at one column of the result.
CK_INLINE vec sum_columns(
    const ck_plane *plane, sample_run run, const float *columns, ptrdiff_t phase, ptrdiff_t column
) {
    const ck_axis *axis = &plane->horizontal;
    const float *weights = axis->weights + axis->offset[column];
    const float *from =
        columns + (axis->first[column] * plane->step + phase - run.first) * CK_WIDTH;
    vec sum = load(from) * weights[0];
    for (ptrdiff_t tap = 1; tap < axis->count[column]; tap++) {
        sum += load(from + tap * plane->step * CK_WIDTH) * weights[tap];
    }
    return sum;
}

// Red, green and blue from what the planes hold, held within their range and normalised.
CK_INLINE void convert(const ck_image *image, const vec *components, float *to) {
    CK_UNROLL for (int c = 0; c < 3; c++) {
        const ck_color *color = &image->colors[c];
        vec level = splat(color->offset);
        CK_UNROLL for (int i = 0; i < 3; i++) { level += components[i] * color->factors[i]; }
        level = lesser_of(greater_of(level, splat(0)), splat(255));
        store(to + c * CK_WIDTH, level * color->scale + color->shift);
    }
}

// Pixels of a strip, three vectors each with a row a lane, written as rows of interleaved numbers.
static void write_pixels(
    const ck_image *image, const float *pixels, ptrdiff_t first, ptrdiff_t rows, ptrdiff_t column,
    ptrdiff_t count
) {
    for (ptrdiff_t number = 0; number < 3 * count; number += CK_WIDTH) {
        vec square[CK_WIDTH];
        CK_UNROLL for (int i = 0; i < CK_WIDTH; i++) {
            square[i] = load(pixels + (number + i) * CK_WIDTH);
        }
        turn(square);
        ptrdiff_t left = 3 * count - number;
        CK_UNROLL for (int row = 0; row < CK_WIDTH; row++) {
            if (row >= rows) { break; }
            float *to = image->output + (first + row) * image->output_stride + 3 * column + number;
            if (left >= CK_WIDTH) {
                store(to, square[row]);
            } else {
                __builtin_memcpy(to, &square[row], (size_t)left * sizeof(float));
            }
        }
    }
}

static void convert_columns(
    const ck_image *image, const sample_run *runs, float *const *columns, ptrdiff_t from,
    ptrdiff_t to, float *pixels
) {
    for (ptrdiff_t column = from; column < to; column++) {
        vec components[3];
        CK_UNROLL for (int i = 0; i < 3; i++) {
            const ck_component *component = &image->components[i];
            ptrdiff_t plane = component->plane;
            components[i] = sum_columns(
                &image->planes[plane], runs[plane], columns[plane], component->phase, column);
        }
        convert(image, components, pixels + 3 * (column - from) * CK_WIDTH);
    }
}

static void image_strip(
    const ck_image *image, float *scratch, ptrdiff_t first, ptrdiff_t rows, ptrdiff_t from,
    ptrdiff_t to
) {
    sample_run runs[3] = {{0, 0}, {0, 0}, {0, 0}};
    float *columns[3] = {scratch, scratch, scratch};
    // Lines first, pixels in their place when they have served.
    float *next = scratch + image->run_limit * CK_WIDTH;
    for (ptrdiff_t p = 0; p < image->plane_count; p++) {
        const ck_plane *plane = &image->planes[p];
        runs[p] = samples_under(plane, from, to);
        columns[p] = next;
        next += runs[p].count * CK_WIDTH;
        sum_rows(image, plane, runs[p], first, rows, (uint16_t *)scratch);
        turn_rows((const uint16_t *)scratch, runs[p], rows, columns[p]);
    }
    convert_columns(image, runs, columns, from, to, scratch);
    write_pixels(image, scratch, first, rows, from, to - from);
}

static void image(const ck_image *image, float *scratch, ptrdiff_t first, ptrdiff_t last) {
    for (ptrdiff_t row = first; row < last; row += CK_WIDTH) {
        ptrdiff_t rows = last - row < CK_WIDTH ? last - row : CK_WIDTH;
        for (ptrdiff_t column = 0; column < image->width; column += image->chunk) {
            ptrdiff_t left = image->width - column;
            ptrdiff_t count = left < image->chunk ? left : image->chunk;
            image_strip(image, scratch, row, rows, column, column + count);
        }
    }
}
