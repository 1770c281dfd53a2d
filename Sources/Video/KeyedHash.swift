internal import CFFmpeg

/// Keyed hash (HMAC with SHA-256, RFC 2104).
public enum KeyedHash {
    /// Hash of a message under a key, in hexadecimal; empty if there is no memory for it.
    public static func hexadecimal(of message: String, key: String) -> String {
        let digits = Array("0123456789abcdef")
        return String(
            digest(of: Array(message.utf8), key: Array(key.utf8))
                .flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    /// Hash of a message under a key, 32 bytes; empty if there is no memory for it.
    package static func digest(of message: [UInt8], key: [UInt8]) -> [UInt8] {
        guard let context = unsafe av_hmac_alloc(AV_HMAC_SHA256) else { return [] }
        defer { unsafe av_hmac_free(context) }
        var digest = [UInt8](repeating: 0, count: 32)
        let count = unsafe av_hmac_calc(
            context, message, UInt32(message.count), key, UInt32(key.count), &digest,
            UInt32(digest.count))
        return count == digest.count ? digest : []
    }
}
