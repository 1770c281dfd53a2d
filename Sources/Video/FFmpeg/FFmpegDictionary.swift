internal import CFFmpeg

/// `AVDictionary` of options or metadata; freed with this value.
@safe struct FFmpegDictionary: ~Copyable {
    /// FFmpeg's dictionary; calls that consume options leave the unknown ones in it.
    var pointer: OpaquePointer?

    /// Creates a dictionary with the entries in alphabetical order.
    init(_ entries: [String: String]) {
        unsafe pointer = nil
        for (key, value) in entries.sorted(by: { $0.key < $1.key }) {
            unsafe av_dict_set(&pointer, key, value, 0)
        }
    }

    deinit {
        var pointer = unsafe pointer
        unsafe av_dict_free(&pointer)
    }

    /// Hands the dictionary to a new owner.
    consuming func release() -> OpaquePointer? {
        let pointer = unsafe pointer
        discard self
        return unsafe pointer
    }
}

extension Dictionary<String, String> {
    /// Copies the entries of an `AVDictionary`.
    init(_ source: OpaquePointer?) {
        self.init()
        var entry: UnsafeMutablePointer<AVDictionaryEntry>?
        while let next = unsafe av_dict_get(source, "", entry, AV_DICT_IGNORE_SUFFIX) {
            unsafe self[text(next.pointee.key)] = unsafe text(next.pointee.value)
            unsafe entry = unsafe next
        }
    }
}
