// Conversion of decoded frames to a network's image.
#include "checks.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    // Sizes of source and result in pixels; halved chroma planes are half as large as the source.
    ptrdiff_t columns, rows, width, height;
    ptrdiff_t plane_count, bytes, chunk;
    int is_halved;
} image_case;

// An axis of `target` outputs, each the mean of the samples under it, or of two neighbours where the source is smaller.
static ck_axis make_axis(ptrdiff_t source, ptrdiff_t target) {
    ptrdiff_t most = source / target + 3;
    int32_t *first = (int32_t *)guarded(target, zeros), *count = (int32_t *)guarded(target, zeros);
    int32_t *offset = (int32_t *)guarded(target, zeros);
    uint16_t *shares = (uint16_t *)guarded((target * most + 1) / 2, zeros);
    int32_t used = 0;
    for (ptrdiff_t place = 0; place < target; place++) {
        ptrdiff_t from = place * source / target, to = ((place + 1) * source + target - 1) / target;
        if (to == from + 1 && to < source) { to++; }
        first[place] = (int32_t)from;
        count[place] = (int32_t)(to - from);
        offset[place] = used;
        // Multiples of 32768ths: the kernel has nothing to round.
        int each = 32767 / (int)(to - from);
        for (ptrdiff_t i = from; i < to; i++) {
            int share = i + 1 < to ? each : 32767 - each * (int)(to - from - 1);
            shares[used++] = (uint16_t)(2 * share);
        }
    }
    return (ck_axis){first, count, offset, shares};
}

static ck_pairs make_pairs(const ck_axis *axis, ptrdiff_t target, ptrdiff_t step, ptrdiff_t start) {
    ptrdiff_t most = 2;
    for (ptrdiff_t place = 0; place < target; place++) { most += axis->count[place] * step / 2 + 2; }
    int32_t *offset = (int32_t *)guarded(target + 1, zeros);
    int32_t *weights = (int32_t *)guarded(most, zeros);
    memset(weights, 0, (size_t)most * 4);
    offset[0] = 0;
    for (ptrdiff_t place = 0; place < target; place++) {
        for (ptrdiff_t i = 0; i < axis->count[place]; i++) {
            ptrdiff_t at = start + i * step, share = axis->shares[axis->offset[place] + i] / 2;
            weights[offset[place] + at / 2] |= (int32_t)(share << 16 * (at % 2));
            offset[place + 1] = offset[place] + (int32_t)(at / 2) + 1;
        }
    }
    return (ck_pairs){offset, weights};
}

static ck_plane make_plane(const image_case *test, ptrdiff_t number) {
    int small = number > 0 && test->is_halved;
    ptrdiff_t columns = small ? (test->columns + 1) / 2 : test->columns;
    ptrdiff_t rows = small ? (test->rows + 1) / 2 : test->rows;
    // The second of two planes holds two components, a single one all three.
    ptrdiff_t step = test->plane_count == 1 ? 3 : test->plane_count == 2 && number == 1 ? 2 : 1;
    ptrdiff_t stride = columns * step * test->bytes + 5;
    uint8_t *base = (uint8_t *)guarded((rows * stride + 3) / 4, zeros);
    for (ptrdiff_t i = 0; i < rows * stride; i++) { base[i] = (uint8_t)next_bits(); }
    ck_axis across = make_axis(columns, test->width);
    return (ck_plane){
        base, stride, columns * step, step, across, make_axis(rows, test->height),
        {make_pairs(&across, test->width, step, 0), make_pairs(&across, test->width, step, 1)}};
}

static double level(const ck_image *image, int component, ptrdiff_t row, ptrdiff_t column) {
    const ck_component *place = &image->components[component];
    const ck_plane *plane = &image->planes[place->plane];
    const ck_axis *down = &plane->vertical, *across = &plane->horizontal;
    double sum = 0;
    for (int y = 0; y < down->count[row]; y++) {
        for (int x = 0; x < across->count[column]; x++) {
            ptrdiff_t sample = (across->first[column] + x) * plane->step + place->phase;
            const uint8_t *at = (const uint8_t *)plane->base
                + (down->first[row] + y) * plane->stride + sample * image->sample_bytes;
            int value = image->sample_bytes == 2 ? at[0] | at[1] << 8 : at[0];
            sum += (double)((value << image->lift) & 0xffff)
                * (double)down->shares[down->offset[row] + y] / 65536
                * (double)across->shares[across->offset[column] + x] / 65536;
        }
    }
    return sum;
}

static double expected(const ck_image *image, int channel, ptrdiff_t row, ptrdiff_t column) {
    const ck_color *color = &image->colors[channel];
    double sum = (double)color->offset;
    for (int i = 0; i < 3; i++) { sum += level(image, i, row, column) * (double)color->factors[i]; }
    return fmin(fmax(sum, 0), 255) * (double)color->scale + (double)color->shift;
}

static ck_image make_image(const ck_table *table, const image_case *test) {
    ck_image image = {
        .plane_count = test->plane_count,
        .sample_bytes = test->bytes,
        .lift = test->bytes == 2 ? 6 : 8,
        .colors = {{{1 / 256.0f, 0, 1.4f / 256}, -180, 0.5f, -1},
                   {{1 / 256.0f, -0.3f / 256, -0.7f / 256}, 130, 1, 0},
                   {{1 / 256.0f, 1.8f / 256, 0}, -220, 2, 3}},
        .width = test->width,
        .chunk = test->chunk < test->width ? test->chunk : test->width,
        .run_limit = 3 * test->columns + 4 * table->width + 3 * test->width,
        .output_stride = 3 * test->width + 5,
    };
    for (ptrdiff_t p = 0; p < test->plane_count; p++) { image.planes[p] = make_plane(test, p); }
    for (ptrdiff_t i = 0; i < 3; i++) {
        ptrdiff_t plane = i < test->plane_count ? i : test->plane_count - 1;
        image.components[i] = (ck_component){plane, i - plane};
    }
    return image;
}

static void check(const ck_table *table, const image_case *test) {
    begin_case(
        "image %td×%td to %td×%td, %td planes of %td bytes, halved %d", test->columns, test->rows,
        test->width, test->height, test->plane_count, test->bytes, test->is_halved);
    ck_image image = make_image(table, test);
    ptrdiff_t count = test->height * image.output_stride;
    float *scratch = guarded_output(3 * image.run_limit * table->width);
    float *whole = guarded_output(count), *parts = guarded_output(count);
    image.output = whole;
    table->image(&image, scratch, 0, test->height);
    image.output = parts;
    table->image(&image, scratch, 0, test->height / 3);
    table->image(&image, scratch, test->height / 3, test->height);
    for (ptrdiff_t row = 0; row < test->height; row++) {
        const float *line = whole + row * image.output_stride;
        for (ptrdiff_t i = 0; i < 3 * test->width; i++) {
            double right = expected(&image, (int)(i % 3), row, i / 3);
            // Two tenths of an 8-bit step, for factors up to 3.6: sums of rows are truncated to 16 bits.
            expect(fabs((double)line[i] - right) < 0.2, "row %td: number %td is %g, not %g", row, i, (double)line[i], right);
        }
        expect_same(line, parts + row * image.output_stride, 3 * test->width, "splits differ");
        for (ptrdiff_t i = 3 * test->width; i < image.output_stride; i++) {
            expect(isnan(line[i]), "row %td is written beyond its end", row);
        }
    }
    release_all();
}

void check_images(const ck_table *table) {
    static const ptrdiff_t sizes[][4] = {
        {64, 32, 32, 32}, {200, 111, 32, 19}, {37, 23, 64, 33}, {5, 3, 32, 17}, {331, 70, 96, 20},
    };
    for (int s = 0; s < 5; s++) {
        for (int bits = 0; bits < 12; bits++) {
            image_case test = {
                .columns = sizes[s][0], .rows = sizes[s][1], .width = sizes[s][2],
                .height = sizes[s][3], .plane_count = 1 + bits % 3, .bytes = 1 + bits / 3 % 2,
                .chunk = bits / 6 ? 16 : 1000, .is_halved = bits / 6};
            check(table, &test);
        }
    }
}
