import Foundation

/// The glare of lamps that shine into the camera when it is dark.
struct Glow {
    let light: Light
    let canvas: Canvas
    let samples: Int

    /// Adds the glare of all lamps that are seen.
    func add(_ moment: Moment, to colors: inout [Vector], _ width: Int, _ height: Int) {
        guard light.isDark else { return }
        for (number, body) in moment.bodies.enumerated() {
            for lamp in body.mesh.lamps {
                let world = body.world(lamp.place)
                let view = moment.camera.view(world)
                guard view.z > 2, view.z < 220, faces(body, lamp, moment.camera) else { continue }
                let point = moment.camera.project(view)
                guard isSeen(point, body: number, depth: 1 / view.z) else { continue }
                let size = max(1.2, moment.camera.focal / Float(samples) * 0.3 / view.z)
                spread(
                    SIMD2(point.x, point.y) / Float(samples), size,
                    strength(lamp.material, body.look),
                    &colors, width, height)
            }
        }
    }

    private func faces(_ body: Body, _ lamp: Mesh.Lamp, _ camera: Camera) -> Bool {
        guard lamp.material != .streetLamp else { return true }
        let outwards = body.turned(Vector(0, 0, lamp.place.z > 0 ? 1 : -1))
        return dot(outwards, camera.position - body.place) > 0
    }

    private func isSeen(_ point: SIMD2<Float>, body: Int, depth: Float) -> Bool {
        let (column, row) = (Int(point.x), Int(point.y))
        guard point.x >= 0, point.y >= 0, column < canvas.width, row < canvas.height else {
            return false
        }
        let index = row * canvas.width + column
        return canvas.owners[index] == Int32(body) || canvas.depths[index] <= depth
    }

    private func strength(_ material: Material, _ look: Look) -> Vector {
        switch material {
        case .headLamp: look.lampsLit ? Vector(1.1, 1, 0.85) : .zero
        case .streetLamp: Vector(0.9, 0.65, 0.35)
        default: Vector(0.6, 0.035, 0.02) * (look.isBraking ? 1 : look.lampsLit ? 0.3 : 0)
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
