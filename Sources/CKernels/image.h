// Conversion of a decoded frame to the network's input in one pass: planes are resized, converted to red, green and
// blue, clamped to 0…255 and normalised.
//
// Works on strips of as many rows as a vector has lanes. First the source rows under each output row are summed in
// fixed point, vectorized along the row. The strip is then transposed, so that a vector holds two neighbouring samples
// of each row. From there on each lane is a row: the weights are the same for all lanes at any ratio, and one
// instruction multiplies pairs of samples.

// Samples as fractions of 65536, twice as many as floats in a vector.
enum { samples_at_once = 2 * CK_WIDTH };
typedef uint16_t words __attribute__((ext_vector_type(samples_at_once)));
typedef uint32_t long_words __attribute__((ext_vector_type(samples_at_once)));
typedef uint8_t packed_bytes
    __attribute__((ext_vector_type(samples_at_once), aligned(1), may_alias));
typedef uint16_t packed_words
    __attribute__((ext_vector_type(samples_at_once), aligned(1), may_alias));

CK_INLINE words load_samples(const uint8_t *from, ptrdiff_t bytes, ptrdiff_t lift) {
    if (bytes == 1) { return __builtin_convertvector(*(const packed_bytes *)from, words) << 8; }
    return *(const packed_words *)from << (words)(uint16_t)lift;
}

// Upper 16 bits of the products. Compilers recognize the plain form only where it fits a register.
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

#include "transpose.h"

// Adjacent samples of a plane.
typedef struct {
    ptrdiff_t first, count;
} sample_run;

// The samples of a plane under some output columns, in whole vectors that stay inside the row unless the row itself is
// shorter.
static sample_run samples_under(const ck_plane *plane, ptrdiff_t from, ptrdiff_t to) {
    const ck_axis *axis = &plane->horizontal;
    ptrdiff_t first = axis->first[from] * plane->step;
    ptrdiff_t end = (axis->first[to - 1] + axis->count[to - 1]) * plane->step;
    ptrdiff_t count = (end - first + samples_at_once - 1) / samples_at_once * samples_at_once;
    ptrdiff_t latest = plane->samples - count;
    if (latest < first) { first = latest > 0 ? latest : 0; }
    return (sample_run){first, count};
}

// Sums are stored as signed numbers, reduced by half their range.
enum { sign = 1 << 15 };

// Weighted sum of the source rows under one output row. Each product is rounded down; half a unit per product
// compensates.
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
        from += plane->stride;
    }
    CK_UNROLL for (ptrdiff_t v = 0; v < vectors; v++) {
        *(packed_words *)(to + v * samples_at_once) = sums[v] ^ sign;
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

// Like `sum_row`, for a row shorter than the vectors that would be read from it.
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
        to[s] = (sum < 65535 ? (uint16_t)sum : 65535) ^ sign;
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

// Transposes lines to vectors of sample pairs, one row per lane. Lanes beyond the last row are ignored.
static void transpose_rows(const uint16_t *lines, sample_run run, ptrdiff_t rows, float *pairs) {
    for (ptrdiff_t s = 0; s < run.count; s += samples_at_once) {
        vec square[CK_WIDTH];
        CK_UNROLL for (int row = 0; row < CK_WIDTH; row++) {
            square[row] = load((const float *)(lines + (row < rows ? row : 0) * run.count + s));
        }
        transpose(square);
        CK_UNROLL for (int i = 0; i < CK_WIDTH; i++) {
            store(pairs + (s / 2 + i) * CK_WIDTH, square[i]);
        }
    }
}

// A component of a plane at one output column, in 32768ths and reduced by half its range.
CK_INLINE vec sum_pairs(
    const ck_plane *plane, sample_run run, const float *pairs, ptrdiff_t phase, ptrdiff_t column
) {
    const ck_axis *axis = &plane->horizontal;
    ptrdiff_t sample = axis->first[column] * plane->step + phase - run.first;
    const ck_pairs *table = &plane->pairs[sample & 1];
    const int32_t *weights = table->weights + table->offset[column];
    const float *from = pairs + (sample >> 1) * CK_WIDTH;
    ivec sum = (ivec)(0);
    for (ptrdiff_t i = 0; i < table->offset[column + 1] - table->offset[column]; i++) {
        sum = CK_INTEGER_DOT(sum, (ivec)load(from + i * CK_WIDTH), (ivec)(weights[i]));
    }
    return __builtin_convertvector(sum, vec);
}

// Converts components to red, green and blue, clamped and normalised.
CK_INLINE void convert(const ck_color *colors, const vec *components, float *to) {
    CK_UNROLL for (int c = 0; c < 3; c++) {
        const ck_color *color = &colors[c];
        vec level = splat(color->offset);
        CK_UNROLL for (int i = 0; i < 3; i++) { level += components[i] * color->factors[i]; }
        level = lesser_of(greater_of(level, splat(0)), splat(255));
        store(to + c * CK_WIDTH, level * color->scale + color->shift);
    }
}

// Writes the pixels of a strip, three vectors each with one row per lane, as rows of interleaved numbers.
static void write_pixels(
    const ck_image *image, const float *pixels, ptrdiff_t first, ptrdiff_t rows, ptrdiff_t column,
    ptrdiff_t count
) {
    for (ptrdiff_t number = 0; number < 3 * count; number += CK_WIDTH) {
        vec square[CK_WIDTH];
        CK_UNROLL for (int i = 0; i < CK_WIDTH; i++) {
            square[i] = load(pixels + (number + i) * CK_WIDTH);
        }
        transpose(square);
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

// Colours for components in the scale of `sum_pairs`.
static ck_color of_sums(const ck_color *color) {
    ck_color result = *color;
    for (int i = 0; i < 3; i++) {
        result.factors[i] = color->factors[i] / 32768;
        result.offset += color->factors[i] * sign;
    }
    return result;
}

// Source rows of the next strip. Their runs are too short for the hardware prefetcher, so they are prefetched a few at
// a time while this strip is computed: into the L2 cache, since they exceed L1.
typedef struct {
    const uint8_t *next;
    ptrdiff_t rows, stride, bytes, due;
} rows_ahead;

static rows_ahead rows_under(
    const ck_image *image, const ck_plane *plane, sample_run run, ptrdiff_t first, ptrdiff_t last
) {
    const ck_axis *axis = &plane->vertical;
    if (first >= last) { return (rows_ahead){0, 0, 0, 0, 0}; }
    ptrdiff_t end = axis->first[last - 1] + axis->count[last - 1];
    return (rows_ahead){
        (const uint8_t *)plane->base + axis->first[first] * plane->stride
            + run.first * image->sample_bytes,
        end - axis->first[first], plane->stride, run.count * image->sample_bytes, 0};
}

// Prefetches one of `parts` equal parts of the rows.
CK_INLINE void prefetch_rows(rows_ahead *ahead, ptrdiff_t parts) {
    for (ahead->due += ahead->rows; ahead->due >= parts; ahead->due -= parts) {
        for (ptrdiff_t b = 0; b < ahead->bytes; b += 64) { __builtin_prefetch(ahead->next + b, 0, 1); }
        ahead->next += ahead->stride;
    }
}

// A plane of a strip: its samples, transposed, and the rows of the next strip.
typedef struct {
    sample_run run;
    const float *pairs;
    rows_ahead ahead;
} strip_plane;

static void convert_columns(
    const ck_image *image, strip_plane *planes, ptrdiff_t from, ptrdiff_t to, float *pixels
) {
    ck_color colors[3];
    for (int c = 0; c < 3; c++) { colors[c] = of_sums(&image->colors[c]); }
    for (ptrdiff_t column = from; column < to; column++) {
        vec components[3];
        CK_UNROLL for (int i = 0; i < 3; i++) {
            const ck_component *component = &image->components[i];
            const strip_plane *plane = &planes[component->plane];
            components[i] = sum_pairs(
                &image->planes[component->plane], plane->run, plane->pairs, component->phase,
                column);
        }
        convert(colors, components, pixels + 3 * (column - from) * CK_WIDTH);
        for (ptrdiff_t p = 0; p < image->plane_count; p++) {
            prefetch_rows(&planes[p].ahead, to - from);
        }
    }
}

// Converts the columns from `from` to before `to` of one strip that begins at row `first`. Rows from `end` on are not
// touched.
static void image_strip(
    const ck_image *image, float *scratch, ptrdiff_t first, ptrdiff_t end, ptrdiff_t from,
    ptrdiff_t to
) {
    ptrdiff_t next = first + CK_WIDTH < end ? first + CK_WIDTH : end;
    ptrdiff_t after = next + CK_WIDTH < end ? next + CK_WIDTH : end;
    strip_plane planes[3];
    // The scratch holds the lines first, then the pixels.
    float *pairs = scratch + image->run_limit * CK_WIDTH;
    for (ptrdiff_t p = 0; p < image->plane_count; p++) {
        const ck_plane *plane = &image->planes[p];
        sample_run run = samples_under(plane, from, to);
        sum_rows(image, plane, run, first, next - first, (uint16_t *)scratch);
        transpose_rows((const uint16_t *)scratch, run, next - first, pairs);
        planes[p] = (strip_plane){run, pairs, rows_under(image, plane, run, next, after)};
        pairs += run.count / 2 * CK_WIDTH;
    }
    convert_columns(image, planes, from, to, scratch);
    write_pixels(image, scratch, first, next - first, from, to - from);
}

static void image(const ck_image *image, float *scratch, ptrdiff_t first, ptrdiff_t last) {
    for (ptrdiff_t row = first; row < last; row += CK_WIDTH) {
        for (ptrdiff_t column = 0; column < image->width; column += image->chunk) {
            ptrdiff_t left = image->width - column;
            ptrdiff_t count = left < image->chunk ? left : image->chunk;
            image_strip(image, scratch, row, last, column, column + count);
        }
    }
}
