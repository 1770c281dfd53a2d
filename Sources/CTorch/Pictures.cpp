// Augmented images from images that stay on the device.

#ifdef CTORCH_ENABLED

#include "Common.h"

#include <ATen/core/grad_mode.h>

#include <algorithm>

namespace ct {

namespace {

// Normalized coordinates of the sampler: -1 at the center of the first pixel, 1 at that of the last.
at::Tensor normal(const at::Tensor &points, int64_t side) {
    auto places = (points - 0.5).clamp(0, double(side - 1));
    return side > 1 ? places * (2.0 / double(side - 1)) - 1 : places;
}

at::Tensor numbers(const float *values, at::IntArrayRef dims, const at::Tensor &like) {
    auto lent = at::from_blob(const_cast<float *>(values), dims, at::dtype(at::kFloat));
    return lent.clone().to(like.device());
}

// One row per patch, of integers that `values` writes.
template <class Values>
at::Tensor indices(const ct_patch *patches, int count, int64_t width, const at::Tensor &like, Values values) {
    auto rows = at::empty({count, width}, at::dtype(at::kLong));
    auto into = rows.data_ptr<int64_t>();
    for (int index = 0; index < count; index++) values(patches[index], into + index * width);
    return rows.to(like.device());
}

// Points of the images that the pixel centers along one side map to: [patches, side].
at::Tensor points(const at::Tensor &mapping, int64_t scale, int64_t side) {
    auto centers = at::arange(side, mapping.options()) + 0.5;
    return mapping.select(1, scale).unsqueeze(1) * centers + mapping.select(1, scale + 1).unsqueeze(1);
}

// Distance in pixels to the nearest edge of an area along one side, negative outside: [patches, side].
at::Tensor depth(const at::Tensor &areas, int64_t place, int64_t side) {
    auto steps = at::arange(side, areas.options());
    auto first = areas.select(1, place).unsqueeze(1), count = areas.select(1, place + 2).unsqueeze(1);
    return at::minimum(steps - first, first + count - 1 - steps);
}

} // namespace

// Half the size by rounded means of 2 x 2 pixels; a last odd row or column is dropped.
static ct_tensor *halve(const ct_tensor *images) {
    return made([&] {
        const auto &x = images->value;
        int64_t h = x.size(1), w = x.size(2);
        auto part = [&](int64_t row, int64_t column) {
            auto rows = h > 1 ? x.slice(1, row, h / 2 * 2, 2) : x;
            return (w > 1 ? rows.slice(2, column, w / 2 * 2, 2) : rows).to(at::kShort);
        };
        auto sum = part(0, 0) + part(0, 1) + part(1, 0) + part(1, 1) + 2;
        return sum.bitwise_right_shift(2).to(at::kByte).contiguous();
    });
}

static bool draw(
    ct_tensor *canvas, const ct_tensor *images, const ct_patch *patches, int number, const float fill_color[3]) {
    return done([&] {
        at::NoGradGuard off;
        auto &target = canvas->value;
        const auto &stored = images->value;
        int64_t count = number, height = target.size(1), width = target.size(2);
        auto ends = indices(patches, number, 3, target, [](const ct_patch &patch, int64_t *to) {
            to[0] = patch.input, to[1] = patch.image, to[2] = patch.feather;
        });
        auto areas = indices(patches, number, 4, target, [](const ct_patch &patch, int64_t *to) {
            std::copy(patch.area, patch.area + 4, to);
        });
        std::vector<float> mappings;
        for (int index = 0; index < number; index++) {
            mappings.insert(mappings.end(), patches[index].mapping, patches[index].mapping + 4);
        }
        auto mapping = numbers(mappings.data(), {count, 4}, target);
        auto inputs = ends.select(1, 0), rows = ends.select(1, 1);
        auto borders = ends.select(1, 2).view({count, 1, 1, 1});
        auto fill = numbers(fill_color, {1, 1, 1, 3}, target);

        auto x = points(mapping, 0, width), y = points(mapping, 2, height);
        auto maps = stored.index_select(0, rows).permute({0, 3, 1, 2}).to(at::kFloat);
        auto grid = at::stack(
            {normal(x, stored.size(2)).unsqueeze(1).expand({count, height, width}),
             normal(y, stored.size(1)).unsqueeze(2).expand({count, height, width})},
            -1);
        auto sampled = at::grid_sampler_2d(maps, grid, 0, 1, true).permute({0, 2, 3, 1});
        auto is_inside = (x >= 0).logical_and(x < double(stored.size(2))).unsqueeze(1).logical_and(
            (y >= 0).logical_and(y < double(stored.size(1))).unsqueeze(2));
        sampled = at::where(is_inside.unsqueeze(3), (sampled + 0.5).floor(), fill);

        auto distance = at::minimum(
            depth(areas, 0, width).unsqueeze(1), depth(areas, 1, height).unsqueeze(2)).unsqueeze(3);
        // Within the border, a share of the pixels below remains.
        auto share = ((2 * distance + 1).to(at::kFloat) / (2 * borders).clamp_min(1)).clamp(0, 1);
        share = at::where(distance < borders, share, at::ones_like(share));
        auto below = target.index_select(0, inputs);
        auto mixed = (sampled * share + below * (1 - share) + 0.5).floor();
        target.index_copy_(0, inputs, at::where(distance >= 0, mixed, below));
    });
}

static ct_tensor *recolor(
    const ct_tensor *canvas, const float *rows, const float means[3], const float deviations[3]) {
    return made([&] {
        const auto &x = canvas->value;
        int64_t n = x.size(0), pixels = x.size(1) * x.size(2);
        auto matrices = numbers(rows, {n, 4, 3}, x);
        auto mean = numbers(means, {1, 1, 3}, x), deviation = numbers(deviations, {1, 1, 3}, x);
        auto changed = at::baddbmm(
            matrices.narrow(1, 3, 1), x.view({n, pixels, 3}), matrices.narrow(1, 0, 3));
        return ((changed.clamp(0, 255) - mean) / deviation).view(x.sizes());
    });
}

void fill_pictures(ct_face &face) {
    face.halve = halve;
    face.draw = draw;
    face.recolor = recolor;
}

} // namespace ct

#endif
