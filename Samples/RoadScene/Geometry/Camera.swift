import Foundation

/// A dashcam: a pinhole camera that looks along the road, tilted a little downwards.
struct Camera {
    /// Where it is.
    var position: Vector
    /// Radians that it looks below the horizon.
    var pitch: Float
    /// Pixels of the picture.
    let width: Int
    let height: Int
    /// Distance of the picture plane in pixels.
    let focal: Float
    /// Nothing nearer than this many metres is drawn.
    static let near: Float = 0.25

    /// A camera whose picture spans `fieldOfView` radians from left to right.
    init(position: Vector, pitch: Float, width: Int, height: Int, fieldOfView: Float) {
        self.position = position
        self.pitch = pitch
        self.width = width
        self.height = height
        focal = Float(width) / 2 / tan(fieldOfView / 2)
    }

    /// A point of the world as the camera sees it: right, up, ahead.
    func view(_ world: Vector) -> Vector {
        let offset = world - position
        let (sine, cosine) = (sin(pitch), cos(pitch))
        return Vector(
            offset.x, offset.y * cosine + offset.z * sine, offset.z * cosine - offset.y * sine)
    }

    /// Where in the picture a point before the camera appears.
    func project(_ view: Vector) -> SIMD2<Float> {
        SIMD2(
            Float(width) / 2 + focal * view.x / view.z, Float(height) / 2 - focal * view.y / view.z)
    }

    /// The direction in the world that the middle of a pixel looks to; its length is not one.
    func ray(_ column: Int, _ row: Int) -> Vector {
        let right = (Float(column) + 0.5 - Float(width) / 2) / focal
        let up = (Float(height) / 2 - Float(row) - 0.5) / focal
        let (sine, cosine) = (sin(pitch), cos(pitch))
        return Vector(right, up * cosine - sine, up * sine + cosine)
    }
}
