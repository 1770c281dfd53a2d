// Pictures into images, and images into the network's numbers.

#ifdef CTORCH_ENABLED

#include "Common.h"

#include <cmath>

namespace ct {

// Source columns or rows that a patch reaches along one side, a pixel more on each.
static std::pair<int64_t, int64_t> reach(double a, double b, double origin, int columns, int rows, int side) {
    double first = origin + std::min(0.0, a * columns) + std::min(0.0, b * rows);
    double last = origin + std::max(0.0, a * columns) + std::max(0.0, b * rows);
    auto low = int64_t(std::clamp(std::floor(first) - 2, 0.0, double(side - 1)));
    auto high = int64_t(std::clamp(std::ceil(last) + 2, double(low + 1), double(side)));
    return {low, high};
}

static void draw(const ct_patch &patch, at::Tensor &images, const at::Tensor &fill) {
    const float *m = patch.affine;
    auto [x0, x1] = reach(m[0], m[1], m[2], patch.columns, patch.rows, patch.width);
    auto [y0, y1] = reach(m[3], m[4], m[5], patch.columns, patch.rows, patch.height);
    auto lent = at::from_blob(
        const_cast<uint8_t *>(patch.pixels), {patch.height, patch.width, 3}, at::dtype(at::kByte));
    auto source = lent.slice(0, y0, y1).slice(1, x0, x1).permute({2, 0, 1}).to(at::kFloat).contiguous();
    source = (source - fill.view({3, 1, 1})).unsqueeze(0);
    // A source that shrinks is averaged first, or fine detail would flicker.
    double step = std::min(std::hypot(m[0], m[3]), std::hypot(m[1], m[4]));
    int64_t shrink = std::max<int64_t>(1, std::lround(step));
    if (shrink > 1) {
        // Whole blocks only; what is beyond the last one repeats it.
        source = at::avg_pool2d(source, {shrink, shrink}, {shrink, shrink}, {0, 0}, true, false);
    }
    double width = double(source.size(3)) * shrink, height = double(source.size(2)) * shrink;
    auto column = at::arange(patch.columns, at::kFloat) + 0.5, row = at::arange(patch.rows, at::kFloat) + 0.5;
    auto place = [&](double a, double b, double origin, double side) {
        auto places = (row * b).unsqueeze(1) + (column * a).unsqueeze(0) + origin;
        return places * (2 / side) - 1;
    };
    auto grid = at::stack({place(m[0], m[1], m[2] - x0, width), place(m[3], m[4], m[5] - y0, height)}, -1);
    auto drawn = at::grid_sampler_2d(source, grid.unsqueeze(0), 0, 0, false)[0] + fill.view({3, 1, 1});
    images[patch.image]
        .slice(1, patch.top, patch.top + patch.rows)
        .slice(2, patch.left, patch.left + patch.columns)
        .copy_(drawn);
}

static ct_tensor *warp(
    const ct_patch *patches, int count, int images, int width, int height, const float fill[3]) {
    return made([&] {
        auto background = at::tensor(at::ArrayRef<float>(fill, 3));
        auto result = background.view({1, 3, 1, 1}).expand({images, 3, height, width}).contiguous();
        for (int index = 0; index < count; index++) draw(patches[index], result, background);
        return result;
    });
}

// Each picture's colours by a matrix of its own, [3, 4] row by row, held within 0 to 255, then normalised.
static ct_tensor *color(
    const ct_tensor *images, const float *matrices, const float mean[3], const float deviation[3]) {
    return made([&] {
        const auto &x = images->value;
        int64_t n = x.size(0), area = x.size(2) * x.size(3);
        auto matrix = at::from_blob(const_cast<float *>(matrices), {n, 3, 4}, at::dtype(at::kFloat));
        auto rows = at::baddbmm(matrix.slice(2, 3, 4), matrix.slice(2, 0, 3), x.reshape({n, 3, area}));
        auto level = [](const float *values) { return at::tensor(at::ArrayRef<float>(values, 3)).view({1, 3, 1}); };
        rows = (rows.clamp_(0, 255) - level(mean)) / level(deviation);
        return rows.view(x.sizes());
    });
}

void fill_pictures(ct_face &face) {
    face.warp = warp;
    face.color = color;
}

} // namespace ct

#endif
