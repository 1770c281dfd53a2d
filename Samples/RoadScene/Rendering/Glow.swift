import Foundation

/// Glare of lamps that face the camera.
struct Glow {
    let light: Light
    let image: RasterImage
    let samples: Int

    /// Adds the glare of all visible lamps.
    func add(_ snapshot: Snapshot, to colors: inout [Vector], _ width: Int, _ height: Int) {
        guard light.isDark else { return }
        for (number, body) in snapshot.bodies.enumerated() {
            for lamp in body.mesh.lamps {
                let world = body.world(lamp.position)
                let view = snapshot.camera.view(world)
                guard view.z > 2, view.z < 220, faces(body, lamp, snapshot.camera) else { continue }
                let point = snapshot.camera.project(view)
                guard isSeen(point, body: number, depth: 1 / view.z) else { continue }
                let size = max(1.2, snapshot.camera.focal / Float(samples) * 0.3 / view.z)
                spread(
                    SIMD2(point.x, point.y) / Float(samples), size,
                    strength(lamp.material, body.appearance),
                    &colors, width, height)
            }
        }
    }

    private func faces(_ body: Body, _ lamp: Mesh.Lamp, _ camera: Camera) -> Bool {
        guard lamp.material != .streetLamp else { return true }
        let outwards = body.turned(Vector(0, 0, lamp.position.z > 0 ? 1 : -1))
        return dot(outwards, camera.position - body.position) > 0
    }

    private func isSeen(_ point: SIMD2<Float>, body: Int, depth: Float) -> Bool {
        let (column, row) = (Int(point.x), Int(point.y))
        guard point.x >= 0, point.y >= 0, column < image.width, row < image.height else {
            return false
        }
        let index = row * image.width + column
        return image.owners[index] == Int32(body) || image.depths[index] <= depth
    }

    private func strength(_ material: Material, _ appearance: Appearance) -> Vector {
        switch material {
        case .headLamp: appearance.lampsLit ? Vector(1.1, 1, 0.85) : .zero
        case .streetLamp: Vector(0.9, 0.65, 0.35)
        default:
            Vector(0.6, 0.035, 0.02) * (appearance.isBraking ? 1 : appearance.lampsLit ? 0.3 : 0)
        }
    }

    private func spread(
        _ middle: SIMD2<Float>, _ size: Float, _ color: Vector, _ colors: inout [Vector],
        _ width: Int,
        _ height: Int
    ) {
        let reach = Int(size * 4) + 1
        let (column, row) = (Int(middle.x), Int(middle.y))
        guard color != .zero, row + reach >= 0, column + reach >= 0 else { return }
        for y in max(0, row - reach)..<max(0, min(height, row + reach + 1)) where y < height {
            for x in max(0, column - reach)..<max(0, min(width, column + reach + 1)) where x < width
            {
                let offset = SIMD2(Float(x) + 0.5, Float(y) + 0.5) - middle
                let far = (offset * offset).sum() / (size * size)
                colors[y * width + x] += color * (exp(-far * 1.4) * 0.9 + 0.05 * exp(-far * 0.25))
            }
        }
    }
}
