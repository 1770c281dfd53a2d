/// Draws moments: bodies first, near ones before far ones, then ground and sky where nothing stands.
struct Renderer {
    let width: Int
    let height: Int
    /// Samples of a pixel in each direction.
    let samples: Int
    private let light: Light
    private var canvas: Canvas

    /// A finished picture and what is seen in it.
    struct Result {
        /// Linear colour, row by row.
        var colors: [Vector]
        var truth: [TruthBox]
    }

    init(width: Int, height: Int, samples: Int, daylight: Daylight) {
        self.width = width
        self.height = height
        self.samples = samples
        light = Light(daylight)
        canvas = Canvas(width: width * samples, height: height * samples)
    }

    /// Draws one moment, whose camera counts in samples of this renderer.
    mutating func draw(_ moment: Moment) -> Result {
        canvas.clear()
        let camera = moment.camera
        let shading = Shading(
            light: light, eye: camera.position,
            lamps: HeadLamps(isOn: light.isDark, place: camera.position))
        let order = moment.bodies.indices.sorted {
            distance(moment.bodies[$0], camera) < distance(moment.bodies[$1], camera)
        }
        var coverages: [Int: Canvas.Coverage] = [:]
        for index in order where isNear(moment.bodies[index], camera) {
            coverages[index] = canvas.draw(
                moment.bodies[index], number: Int32(index), camera, shading)
        }
        drawBackground(moment, shading)
        let truth = GroundTruth.boxes(moment.bodies, coverages, canvas, samples: samples)
        var colors = Film.reduce(canvas.colors, width: width, height: height, samples: samples)
        Glow(light: light, canvas: canvas, samples: samples).add(moment, to: &colors, width, height)
        return Result(colors: colors, truth: truth)
    }

    private func distance(_ body: Body, _ camera: Camera) -> Float {
        let offset = body.place - camera.position
        return offset.x * offset.x + offset.z * offset.z
    }

    /// Leaves out what is behind the camera or too far to be seen.
    private func isNear(_ body: Body, _ camera: Camera) -> Bool {
        let ahead = body.place.z - camera.position.z
        let reach = max(body.size.x, body.size.z) / 2 + 1
        return ahead > -reach && ahead < 320
    }

    private mutating func drawBackground(_ moment: Moment, _ shading: Shading) {
        let camera = moment.camera
        let shadows = Shadows(moment.bodies.filter { isNear($0, camera) }, light)
        for row in 0..<canvas.height {
            for column in 0..<canvas.width {
                let index = row * canvas.width + column
                guard canvas.owners[index] < 0 else { continue }
                let ray = camera.ray(column, row)
                canvas.colors[index] =
                    ray.y < -0.002
                    ? ground(ray, moment, shadows, shading) : sky(ray)
            }
        }
    }

    private func sky(_ ray: Vector) -> Vector {
        let direction = normalized(ray)
        // Far woods close the view.
        let ridge = 0.012 + 0.03 * Noise.cloudy(direction.x * 14 + 40, 2, 31)
        let woods = light.horizon * 0.45 + Vector(0.01, 0.02, 0.01)
        return mix(
            light.isDark ? woods * 0.3 : woods, light.sky(direction, clouds: true),
            smoothstep(ridge - 0.002, ridge + 0.002, direction.y))
    }

    private func ground(
        _ ray: Vector, _ moment: Moment, _ shadows: Shadows, _ shading: Shading
    ) -> Vector {
        let eye = moment.camera.position
        let reach = -eye.y / ray.y
        let place = eye + ray * reach
        let distance = reach * dot(ray, ray).squareRoot()
        let shadow = shadows.light(at: place.x, place.z)
        let up = Vector(0, 1, 0)
        let lit =
            light.ambient(up) * shadow.sky + light.sunColor * (light.sun.y * shadow.sun)
            + shading.lamps.light(at: place) * 0.55 * shadow.sky
        let color = moment.road.albedo(place.x, place.z, distance: distance) * lit
        return light.haze(color, distance: distance)
    }
}
