// Position-sensitive pooling of regions by libtorch's grid sampler, which runs on every device.

#ifdef CTORCH_ENABLED

#include "Common.h"

namespace ct {

namespace {

// Sampling points along one side, in cells of the map.
struct Axis {
    at::Tensor places; // [images, regions, bins * samples], clamped to the map
    at::Tensor inside; // 1 if the sample counts, else 0
};

Axis axis(const at::Tensor &low, const at::Tensor &high, int64_t side, const ct_region_pool &pool) {
    double scale = 1.0 / pool.stride;
    auto start = low * scale - (pool.is_aligned ? 0.5 : 0.0);
    auto bin = ((high - low) * scale).clamp_min(0.1) / pool.bins;
    auto steps = (at::arange(pool.bins * pool.samples, low.options()) + 0.5) / pool.samples;
    auto places = start.unsqueeze(-1) + bin.unsqueeze(-1) * steps;
    auto inside = (places >= -1).logical_and(places <= side).to(low.scalar_type());
    return {places.nan_to_num(0).clamp(0, double(side - 1)), inside};
}

// [images, regions, bins * samples] of both sides to [images * bins * bins, regions, samples * samples].
at::Tensor crossed(const at::Tensor &values, bool is_row, const ct_region_pool &pool) {
    int64_t n = values.size(0), regions = values.size(1), bins = pool.bins, samples = pool.samples;
    auto parts = values.view({n, regions, bins, samples});
    auto broadcast =
        is_row ? parts.view({n, regions, bins, 1, samples, 1}) : parts.view({n, regions, 1, bins, 1, samples});
    return broadcast.expand({n, regions, bins, bins, samples, samples})
        .permute({0, 2, 3, 1, 4, 5})
        .reshape({n * bins * bins, regions, samples * samples});
}

} // namespace

at::Tensor region_pool(const at::Tensor &given, const at::Tensor &corners, const ct_region_pool &pool) {
    // Positions need more than the eight bits of bfloat16, and the sampler requires equal types.
    auto map = given.scalar_type() == at::kBFloat16 ? given.to(at::kFloat) : given;
    auto regions = corners.to(map.scalar_type());
    int64_t n = map.size(0), h = map.size(2), w = map.size(3), bins = pool.bins, count = regions.size(1);
    TORCH_CHECK(map.size(1) == pool.depth * bins * bins, "region pooling needs one channel per bin and depth");
    TORCH_CHECK(
        regions.dim() == 3 && regions.size(0) == n && regions.size(2) == 4,
        "regions must be [images, regions, 4], not ", regions.sizes());
    auto corner = [&](int64_t index) { return regions.select(2, index); };
    Axis rows = axis(corner(1), corner(3), h, pool), columns = axis(corner(0), corner(2), w, pool);
    // Normalized coordinates of the sampler: -1 at the center of the first cell, 1 at that of the last.
    auto normal = [](const at::Tensor &places, int64_t side) {
        return side > 1 ? places * (2.0 / double(side - 1)) - 1 : places;
    };
    auto grid = at::stack(
        {crossed(normal(columns.places, w), false, pool), crossed(normal(rows.places, h), true, pool)}, -1);
    auto inside = crossed(rows.inside, true, pool) * crossed(columns.inside, false, pool);
    // One plane per bin: [images * bins * bins, depth, h, w].
    auto planes = map.reshape({n, pool.depth, bins * bins, h, w}).transpose(1, 2).reshape(
        {n * bins * bins, pool.depth, h, w});
    auto sampled = at::grid_sampler_2d(planes, grid, 0, 1, true) * inside.unsqueeze(1);
    auto reduced = pool.is_maximum ? sampled.amax(-1) : sampled.mean(-1);
    return reduced.view({n, bins * bins, pool.depth, count})
        .permute({0, 3, 2, 1})
        .reshape({n * count, pool.depth * bins * bins});
}

} // namespace ct

#endif
