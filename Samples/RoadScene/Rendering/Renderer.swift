/// Renderer of snapshots: bodies from near to far, then ground and sky.
struct Renderer {
    let width: Int
    let height: Int
    /// Samples per pixel in each direction.
    let samples: Int
    private let light: Light
    private var image: RasterImage

    /// Rendered image and its ground truth.
    struct Result {
        /// Linear colours, row by row.
        var colors: [Vector]
        var truth: [TruthBox]
    }

    init(width: Int, height: Int, samples: Int, daylight: Daylight) {
        self.width = width
        self.height = height
        self.samples = samples
        light = Light(daylight)
        image = RasterImage(width: width * samples, height: height * samples)
    }

    /// Renders one snapshot, whose camera size is in samples.
    mutating func draw(_ snapshot: Snapshot) -> Result {
        image.clear()
        let camera = snapshot.camera
        let shading = Shading(
            light: light, eye: camera.position,
            lamps: HeadLamps(isOn: light.isDark, position: camera.position))
        let order = snapshot.bodies.indices.sorted {
            distance(snapshot.bodies[$0], camera) < distance(snapshot.bodies[$1], camera)
        }
        var coverages: [Int: RasterImage.Coverage] = [:]
        for index in order where isNear(snapshot.bodies[index], camera) {
            coverages[index] = image.draw(
                snapshot.bodies[index], number: Int32(index), camera, shading)
        }
        drawBackground(snapshot, shading)
        let truth = GroundTruth.boxes(snapshot.bodies, coverages, image, samples: samples)
        var colors = SensorModel.reduce(
            image.colors, width: width, height: height, samples: samples)
        Glow(light: light, image: image, samples: samples).add(snapshot, to: &colors, width, height)
        return Result(colors: colors, truth: truth)
    }

    private func distance(_ body: Body, _ camera: Camera) -> Float {
        let offset = body.position - camera.position
        return offset.x * offset.x + offset.z * offset.z
    }

    /// True unless the body is behind the camera or farther than 320 m.
    private func isNear(_ body: Body, _ camera: Camera) -> Bool {
        let ahead = body.position.z - camera.position.z
        let reach = max(body.size.x, body.size.z) / 2 + 1
        return ahead > -reach && ahead < 320
    }

    private mutating func drawBackground(_ snapshot: Snapshot, _ shading: Shading) {
        let camera = snapshot.camera
        let shadows = Shadows(snapshot.bodies.filter { isNear($0, camera) }, light)
        for row in 0..<image.height {
            for column in 0..<image.width {
                let index = row * image.width + column
                guard image.owners[index] < 0 else { continue }
                let ray = camera.ray(column, row)
                image.colors[index] =
                    ray.y < -0.002
                    ? ground(ray, snapshot, shadows, shading) : sky(ray)
            }
        }
    }

    private func sky(_ ray: Vector) -> Vector {
        let direction = normalized(ray)
        // Distant woods at the horizon.
        let ridge = 0.012 + 0.03 * Noise.cloudy(direction.x * 14 + 40, 2, 31)
        let woods = light.horizon * 0.45 + Vector(0.01, 0.02, 0.01)
        return mix(
            light.isDark ? woods * 0.3 : woods, light.sky(direction, clouds: true),
            smoothstep(ridge - 0.002, ridge + 0.002, direction.y))
    }

    private func ground(
        _ ray: Vector, _ snapshot: Snapshot, _ shadows: Shadows, _ shading: Shading
    ) -> Vector {
        let eye = snapshot.camera.position
        let reach = -eye.y / ray.y
        let position = eye + ray * reach
        let distance = reach * dot(ray, ray).squareRoot()
        let shadow = shadows.light(at: position.x, position.z)
        let up = Vector(0, 1, 0)
        let lit =
            light.ambient(up) * shadow.sky + light.sunColor * (light.sun.y * shadow.sun)
            + shading.lamps.light(at: position) * 0.55 * shadow.sky
        let color = snapshot.road.albedo(position.x, position.z, distance: distance) * lit
        return light.haze(color, distance: distance)
    }
}
