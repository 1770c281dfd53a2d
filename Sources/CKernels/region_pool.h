// Position-sensitive RoI pooling: bin (row, column) reads its `depth` adjacent channels at samples × samples positions,
// each interpolated between four cells.
//
// Averages are separable: along each axis the samples of a bin become weights of the few cells they touch, so that
// neighbouring samples share loads.

enum { most_samples = 256 };

// A bin has few channels, so wider vectors would load unused ones.
#if CK_WIDTH > 8
enum { pool_lanes = CK_WIDTH / 2 };
typedef half_vec pool_vec;
typedef packed_half_vec packed_pool_vec;
#else
enum { pool_lanes = CK_WIDTH };
typedef vec pool_vec;
typedef packed_vec packed_pool_vec;
#endif

CK_INLINE pool_vec load_pool(const float *from) { return *(const packed_pool_vec *)from; }

// The two neighbouring cells of a position along one axis and their weights; both weights are zero outside the map.
typedef struct {
    ptrdiff_t low, high;
    float low_weight, high_weight;
} axis_sample;

// The cells that each bin touches along one axis, as offsets in floats, at most two per sample. All bins of a region
// get the same number of cells, so that branch prediction foresees the loop length; surplus cells have weight zero.
typedef struct {
    ptrdiff_t count;
    ptrdiff_t cells[2 * most_samples];
    float weights[2 * most_samples];
} axis_cells;

static axis_sample sample_axis(float place, ptrdiff_t size) {
    axis_sample sample = {0, 0, 0, 0};
    if (!(place >= -1.0f && place <= (float)size)) { return sample; }
    float inside = place > 0 ? place : 0;
    ptrdiff_t low = (ptrdiff_t)inside;
    if (low >= size - 1) { return (axis_sample){size - 1, size - 1, 1, 0}; }
    float part = inside - (float)low;
    return (axis_sample){low, low + 1, 1 - part, part};
}

// Computes the `bins · samples` samples of one axis of a region, at the centres of equal parts.
static void sample_bins(
    const ck_region_pool *layer, float start, float end, ptrdiff_t size, axis_sample *samples
) {
    float origin = start * layer->scale - (layer->is_aligned ? 0.5f : 0.0f);
    float extent = (end - start) * layer->scale;
    float bin = (extent > 0.1f ? extent : 0.1f) / (float)layer->bins;
    for (ptrdiff_t b = 0; b < layer->bins; b++) {
        for (ptrdiff_t s = 0; s < layer->samples; s++) {
            float within = ((float)s + 0.5f) * bin / (float)layer->samples;
            samples[b * layer->samples + s] =
                sample_axis(origin + (float)b * bin + within, size);
        }
    }
}

// Adds a weight to a cell. Samples are ascending, so a cell seen before is one of the last two. Returns the new count.
static ptrdiff_t add_cell(
    ptrdiff_t *cells, float *weights, ptrdiff_t count, ptrdiff_t cell, float weight
) {
    if (weight == 0) { return count; }
    for (ptrdiff_t i = count > 2 ? count - 2 : 0; i < count; i++) {
        if (cells[i] == cell) {
            weights[i] += weight;
            return count;
        }
    }
    cells[count] = cell;
    weights[count] = weight;
    return count + 1;
}

static void merge_samples(
    const ck_region_pool *layer, const axis_sample *samples, ptrdiff_t pitch, axis_cells *merged
) {
    ptrdiff_t room = 2 * layer->samples, most = 0;
    float share = 1 / (float)layer->samples;
    for (ptrdiff_t b = 0; b < layer->bins; b++) {
        ptrdiff_t *cells = merged->cells + b * room, count = 0;
        float *weights = merged->weights + b * room;
        for (ptrdiff_t s = 0; s < layer->samples; s++, samples++) {
            count = add_cell(
                cells, weights, count, samples->low * pitch, samples->low_weight * share);
            count = add_cell(
                cells, weights, count, samples->high * pitch, samples->high_weight * share);
        }
        most = count > most ? count : most;
        for (; count < room; count++) {
            cells[count] = count > 0 ? cells[count - 1] : 0;
            weights[count] = 0;
        }
    }
    merged->count = most;
}

// Weighted sum of `across` cells of one row.
CK_INLINE pool_vec row_average(
    const float *row, const ptrdiff_t *cells, const float *weights, ptrdiff_t across
) {
    pool_vec sum = load_pool(row + cells[0]) * weights[0];
    CK_UNROLL for (ptrdiff_t x = 1; x < across; x++) {
        sum += load_pool(row + cells[x]) * weights[x];
    }
    return sum;
}

static pool_vec bin_average(
    const ck_region_pool *layer, const float *channel, const axis_cells *down, ptrdiff_t row,
    const axis_cells *across, ptrdiff_t column
) {
    ptrdiff_t room = 2 * layer->samples;
    const ptrdiff_t *rows = down->cells + row * room, *columns = across->cells + column * room;
    const float *heights = down->weights + row * room, *widths = across->weights + column * room;
    pool_vec sum = (pool_vec)(0.0f);
    for (ptrdiff_t y = 0; y < down->count; y++) {
        const float *line = channel + rows[y];
        pool_vec value;
        switch (across->count) {
        case 0: return sum;
        case 2: value = row_average(line, columns, widths, 2); break;
        case 3: value = row_average(line, columns, widths, 3); break;
        case 4: value = row_average(line, columns, widths, 4); break;
        default:
            value = (pool_vec)(0.0f);
            for (ptrdiff_t x = 0; x < across->count; x++) {
                value += load_pool(line + columns[x]) * widths[x];
            }
        }
        sum += value * heights[y];
    }
    return sum;
}

CK_INLINE pool_vec bin_maximum(
    const ck_region_pool *layer, const float *channel, const axis_sample *rows,
    const axis_sample *columns
) {
    pool_vec best = (pool_vec)(-__builtin_inff());
    for (ptrdiff_t y = 0; y < layer->samples; y++) {
        const float *low = channel + rows[y].low * layer->width * layer->stride;
        const float *high = channel + rows[y].high * layer->width * layer->stride;
        for (ptrdiff_t x = 0; x < layer->samples; x++) {
            axis_sample column = columns[x];
            ptrdiff_t l = column.low * layer->stride, h = column.high * layer->stride;
            pool_vec upper =
                load_pool(low + l) * column.low_weight + load_pool(low + h) * column.high_weight;
            pool_vec lower =
                load_pool(high + l) * column.low_weight + load_pool(high + h) * column.high_weight;
            pool_vec value = upper * rows[y].low_weight + lower * rows[y].high_weight;
            best = value > best ? value : best;
        }
    }
    return best;
}

// Vectors extend into the channels of the next bin, which is pooled and stored afterwards.
static void pool_region(
    const ck_region_pool *layer, const axis_sample *rows, const axis_sample *columns, float *to
) {
    ptrdiff_t bins = layer->bins, samples = layer->samples, depth = layer->depth;
    axis_cells down, across;
    merge_samples(layer, rows, layer->width * layer->stride, &down);
    merge_samples(layer, columns, layer->stride, &across);
    for (ptrdiff_t bin = 0; bin < bins * bins; bin++) {
        ptrdiff_t row = bin / bins, column = bin % bins;
        for (ptrdiff_t d = 0; d < depth; d += pool_lanes) {
            const float *channel = layer->map + bin * depth + d;
            pool_vec value = layer->takes_maximum
                ? bin_maximum(layer, channel, rows + row * samples, columns + column * samples)
                : bin_average(layer, channel, &down, row, &across, column);
            *(packed_pool_vec *)(to + bin * depth + d) = value;
        }
    }
}

static void region_pool(const ck_region_pool *layer, ptrdiff_t first, ptrdiff_t last) {
    axis_sample rows[most_samples], columns[most_samples];
    for (ptrdiff_t r = first; r < last; r++) {
        const float *region = layer->regions + r * layer->region_stride;
        sample_bins(layer, region[1], region[3], layer->height, rows);
        sample_bins(layer, region[0], region[2], layer->width, columns);
        pool_region(layer, rows, columns, layer->output + r * layer->output_stride);
    }
}
