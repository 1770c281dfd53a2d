/// Mesh of a walking person, built for each phase of the step.
enum Person {
    /// Mesh of a person of about 1.75 m walking towards positive z; two steps are one period of `phase`, in radians.
    static func mesh(phase: Float, hasLongHair: Bool, hasCoat: Bool) -> Mesh {
        var mesh = Mesh()
        // The hips sink as the legs part, so that one foot stays on the ground.
        let hip = 0.92 - 0.84 * (1 - (0.5 * phase.sine).cosine)
        for side in [Float(-1), 1] {
            let swing = 0.5 * phase.sine * side
            leg(&mesh, side: side, swing: swing, hip: hip)
            arm(&mesh, side: side, swing: -swing * 0.9, shoulder: hip + 0.5)
        }
        mesh.limb(from: Vector(0, hip, 0), to: Vector(0, hip + 0.12, 0), 0.155, 0.15, .trousers)
        mesh.limb(
            from: Vector(0, hip + 0.12, 0), to: Vector(0, hip + 0.45, 0.01), 0.16, 0.19, .shirt,
            steps: 10)
        for side in [Float(-1), 1] {
            mesh.limb(
                from: Vector(side * 0.08, hip + 0.44, 0), to: Vector(side * 0.17, hip + 0.5, 0),
                0.11, 0.075, .shirt)
        }
        if hasCoat {
            mesh.limb(
                from: Vector(0, hip - 0.28, 0), to: Vector(0, hip + 0.2, 0), 0.22, 0.18, .shirt,
                steps: 10)
        }
        mesh.limb(
            from: Vector(0, hip + 0.52, 0.01), to: Vector(0, hip + 0.62, 0.02), 0.055, 0.055, .skin)
        mesh.limb(
            from: Vector(0, hip + 0.69, 0.03), to: Vector(0, hip + 0.75, 0.03), 0.085, 0.09, .skin,
            steps: 10)
        mesh.limb(
            from: Vector(0, hip + 0.75, 0), to: Vector(0, hip + 0.79, 0), 0.1, 0.09, .hair,
            steps: 10)
        if hasLongHair {
            mesh.limb(
                from: Vector(0, hip + 0.56, -0.06), to: Vector(0, hip + 0.74, -0.04), 0.08, 0.09,
                .hair)
        }
        return mesh.smoothed(crease: 0.3)
    }

    private static func leg(_ mesh: inout Mesh, side: Float, swing: Float, hip: Float) {
        let bend = max(0, -swing) * 1.1 + 0.08
        let top = Vector(side * 0.09, hip, 0)
        let knee = top + Vector(0, -swing.cosine, swing.sine) * 0.43
        let shin = swing - bend
        let ankle = knee + Vector(0, -shin.cosine, shin.sine) * 0.41
        mesh.limb(from: top, to: knee, 0.095, 0.065, .trousers)
        mesh.limb(from: knee, to: ankle, 0.065, 0.045, .trousers)
        mesh.limb(
            from: ankle + Vector(0, -0.03, -0.03), to: ankle + Vector(0, -0.04, 0.14), 0.045, 0.04,
            .shoe)
    }

    private static func arm(_ mesh: inout Mesh, side: Float, swing: Float, shoulder: Float) {
        let top = Vector(side * 0.225, shoulder - 0.02, 0)
        let elbow = top + Vector(side * 0.1, -swing.cosine, swing.sine) * 0.29
        let reach = swing + 0.35
        let hand = elbow + Vector(0, -reach.cosine, reach.sine) * 0.25
        mesh.limb(from: top, to: elbow, 0.06, 0.048, .shirt)
        mesh.limb(from: elbow, to: hand, 0.046, 0.035, .shirt)
        mesh.limb(from: hand, to: hand + Vector(0, -0.06, 0.01), 0.036, 0.034, .skin)
    }
}
