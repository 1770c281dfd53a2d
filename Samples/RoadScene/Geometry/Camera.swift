import Foundation

/// Dashcam: a pinhole camera that faces along the road, tilted slightly downwards.
struct Camera {
    /// Position in the world, in metres.
    var position: Vector
    /// Tilt below the horizon, in radians.
    var pitch: Float
    /// Image size in pixels.
    let width: Int
    let height: Int
    /// Focal length in pixels.
    let focal: Float
    /// Near clipping plane, in metres.
    static let near: Float = 0.25

    /// Creates a camera with a horizontal field of view in radians.
    init(position: Vector, pitch: Float, width: Int, height: Int, fieldOfView: Float) {
        self.position = position
        self.pitch = pitch
        self.width = width
        self.height = height
        focal = Float(width) / 2 / tan(fieldOfView / 2)
    }

    /// Transforms a world point to camera coordinates: right, up, ahead.
    func view(_ world: Vector) -> Vector {
        let offset = world - position
        let (sine, cosine) = (sin(pitch), cos(pitch))
        return Vector(
            offset.x, offset.y * cosine + offset.z * sine, offset.z * cosine - offset.y * sine)
    }

    /// Projects a point in front of the camera to pixels.
    func project(_ view: Vector) -> SIMD2<Float> {
        SIMD2(
            Float(width) / 2 + focal * view.x / view.z, Float(height) / 2 - focal * view.y / view.z)
    }

    /// World direction through the centre of a pixel, not normalized.
    func ray(_ column: Int, _ row: Int) -> Vector {
        let right = (Float(column) + 0.5 - Float(width) / 2) / focal
        let up = (Float(height) / 2 - Float(row) - 0.5) / focal
        let (sine, cosine) = (sin(pitch), cos(pitch))
        return Vector(right, up * cosine - sine, up * sine + cosine)
    }
}
