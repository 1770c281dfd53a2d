internal import CFFmpeg
internal import Foundation

/// Hashes of files.
public enum FileDigest {
    private static let blockSize = 1 << 20

    /// SHA-256 of a file in hexadecimal; nil if it cannot be read.
    public static func sha256(of path: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: path), let context = unsafe av_sha_alloc()
        else { return nil }
        defer { unsafe av_free(UnsafeMutableRawPointer(context)) }
        unsafe av_sha_init(context, 256)
        while let block = try? file.read(upToCount: blockSize), !block.isEmpty {
            unsafe block.withUnsafeBytes { bytes in
                unsafe av_sha_update(
                    context, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
            }
        }
        var digest = [UInt8](repeating: 0, count: 32)
        unsafe digest.withUnsafeMutableBufferPointer { buffer in
            unsafe av_sha_final(context, buffer.baseAddress)
        }
        let digits = Array("0123456789abcdef")
        return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
