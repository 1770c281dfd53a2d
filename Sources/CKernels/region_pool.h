// Position-sensitive pooling of regions: bin (row, column) of depth d reads channel
// (d·bins + row)·bins + column, at samples × samples places, each interpolated between four cells.

enum { most_samples = 128 };

// The two neighbours of a place along one axis and the weight of the second; both weights are zero for a
// place beyond the map.
typedef struct {
    ptrdiff_t low, high;
    float low_weight, high_weight;
} axis_sample;

static axis_sample sample_axis(float place, ptrdiff_t size) {
    axis_sample sample = {0, 0, 0, 0};
    if (!(place >= -1.0f && place <= (float)size)) { return sample; }
    float inside = place > 0 ? place : 0;
    ptrdiff_t low = (ptrdiff_t)inside;
    if (low >= size - 1) { return (axis_sample){size - 1, size - 1, 1, 0}; }
    float part = inside - (float)low;
    return (axis_sample){low, low + 1, 1 - part, part};
}

// All samples of one axis of a region: `bins · samples` of them, at the centres of equal parts.
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

static float pool_bin(
    const ck_region_pool *layer, const float *channel, const axis_sample *rows,
    const axis_sample *columns
) {
    float sum = 0, best = -__builtin_inff();
    for (ptrdiff_t y = 0; y < layer->samples; y++) {
        const float *low = channel + rows[y].low * layer->width * layer->stride;
        const float *high = channel + rows[y].high * layer->width * layer->stride;
        for (ptrdiff_t x = 0; x < layer->samples; x++) {
            axis_sample column = columns[x];
            ptrdiff_t l = column.low * layer->stride, h = column.high * layer->stride;
            float upper = low[l] * column.low_weight + low[h] * column.high_weight;
            float lower = high[l] * column.low_weight + high[h] * column.high_weight;
            float value = upper * rows[y].low_weight + lower * rows[y].high_weight;
            sum += value;
            best = value > best ? value : best;
        }
    }
    if (layer->takes_maximum) { return best; }
    return sum / (float)(layer->samples * layer->samples);
}

static void region_pool(const ck_region_pool *layer, ptrdiff_t first, ptrdiff_t last) {
    axis_sample rows[most_samples], columns[most_samples];
    for (ptrdiff_t r = first; r < last; r++) {
        const float *region = layer->regions + r * layer->region_stride;
        sample_bins(layer, region[1], region[3], layer->height, rows);
        sample_bins(layer, region[0], region[2], layer->width, columns);
        float *to = layer->output + r * layer->output_stride;
        ptrdiff_t bins = layer->bins;
        for (ptrdiff_t channel = 0; channel < layer->depth * bins * bins; channel++) {
            ptrdiff_t row = channel / bins % bins, column = channel % bins;
            to[channel] = pool_bin(
                layer, layer->map + channel, rows + row * layer->samples,
                columns + column * layer->samples);
        }
    }
}
