#if MQTT
    internal import CMosquitto
    internal import Glibc

    /// Connection of libmosquitto, used by a single thread.
    ///
    /// The library calls back during ``step(milliseconds:)`` only, on the calling thread. Its socket never blocks; its
    /// own select is not used, since that is limited to the first 1024 file descriptors.
    @safe
    final class MosquittoClient {
        /// Something that the broker said.
        enum Signal: Hashable {
            /// The broker's answer to the connection; 0 accepts it.
            case answered(Int32)
            /// The broker has a message with this number.
            case acknowledged(Int32)
            /// Message of a subscribed topic.
            case received(topic: String, payload: [UInt8], isRetained: Bool)
        }

        private let handle: OpaquePointer
        private var signals: [Signal] = []
        /// Largest message that is received, in bytes.
        private static let payloadLimit = 4096
        private static let isReady = mosquitto_lib_init() == MOSQ_ERR_SUCCESS.rawValue

        /// Creates a client that is not connected; nil without memory.
        init?(id: String) {
            guard Self.isReady, let handle = unsafe mosquitto_new(id, true, nil) else { return nil }
            unsafe self.handle = handle
            // SAFETY: the library holds the reference no longer than the handle, which this object destroys.
            unsafe mosquitto_user_data_set(handle, Unmanaged.passUnretained(self).toOpaque())
            unsafe mosquitto_connect_callback_set(handle) { _, client, code in
                unsafe MosquittoClient.note(.answered(code), client)
            }
            unsafe mosquitto_publish_callback_set(handle) { _, client, number in
                unsafe MosquittoClient.note(.acknowledged(number), client)
            }
            unsafe mosquitto_message_callback_set(handle) { _, client, message in
                guard let message = unsafe message?.pointee else { return }
                if let signal = unsafe MosquittoClient.received(message) {
                    unsafe MosquittoClient.note(signal, client)
                }
            }
        }

        deinit { unsafe mosquitto_destroy(handle) }

        private static func note(_ signal: Signal, _ client: UnsafeMutableRawPointer?) {
            guard let client = unsafe client else { return }
            unsafe Unmanaged<MosquittoClient>.fromOpaque(client).takeUnretainedValue().signals
                .append(signal)
        }

        private static func received(_ message: mosquitto_message) -> Signal? {
            guard unsafe message.payloadlen <= payloadLimit, let topic = unsafe message.topic else {
                return nil
            }
            // SAFETY: the library's message is valid during the callback; its bytes are copied.
            let payload = unsafe UnsafeRawBufferPointer(
                start: message.payload, count: Int(message.payloadlen))
            return unsafe .received(
                topic: String(cString: topic), payload: Array(payload), isRetained: message.retain)
        }

        /// Sets the message that the broker sends for a client that is lost.
        func setWill(_ message: BrokerMessage) {
            unsafe mosquitto_will_set(
                handle, message.topic, Int32(message.payload.count), message.payload, 1,
                message.isRetained)
        }

        /// Sets user and password.
        func setLogin(user: String, password: String) {
            unsafe mosquitto_username_pw_set(handle, user, password)
        }

        /// Demands TLS with certificates that descend from those of a file, or of the system; false for an unusable file.
        func setTLS(authority: String?) -> Bool {
            if let authority {
                return unsafe mosquitto_tls_set(handle, authority, nil, nil, nil, nil)
                    == MOSQ_ERR_SUCCESS.rawValue
            }
            return unsafe mosquitto_tls_set(handle, nil, "/etc/ssl/certs", nil, nil, nil)
                == MOSQ_ERR_SUCCESS.rawValue
        }

        /// Connects, which takes as long as the network lets it; returns the reason of a failure.
        func connect(host: String, port: Int32, keepAlive: Int32) -> String? {
            let code = unsafe mosquitto_connect(handle, host, port, keepAlive)
            return code == MOSQ_ERR_SUCCESS.rawValue ? nil : Self.reason(code)
        }

        /// Sends a message with QoS 1; returns its number, nil when it cannot be sent.
        func publish(_ message: BrokerMessage) -> Int32? {
            var number: Int32 = 0
            let code = unsafe mosquitto_publish(
                handle, &number, message.topic, Int32(message.payload.count), message.payload, 1,
                message.isRetained)
            return code == MOSQ_ERR_SUCCESS.rawValue ? number : nil
        }

        /// Subscribes to a topic, which may contain wildcards.
        func subscribe(_ topic: String) { unsafe mosquitto_subscribe(handle, nil, topic, 0) }

        /// Sends and receives for at most some time; returns the reason of a lost connection.
        func step(milliseconds: Int32) -> String? {
            let socket = unsafe mosquitto_socket(handle)
            guard socket >= 0 else { return "the connection was closed" }
            let wantsWrite = unsafe mosquitto_want_write(handle)
            var descriptor = pollfd(
                fd: socket, events: Int16(POLLIN | (wantsWrite ? POLLOUT : 0)), revents: 0)
            unsafe _ = poll(&descriptor, 1, milliseconds)
            var code = MOSQ_ERR_SUCCESS.rawValue
            if descriptor.revents & Int16(POLLIN | POLLERR | POLLHUP) != 0 {
                code = numericCast(unsafe mosquitto_loop_read(handle, 100))
            }
            if code == MOSQ_ERR_SUCCESS.rawValue, unsafe mosquitto_want_write(handle) {
                code = numericCast(unsafe mosquitto_loop_write(handle, 100))
            }
            if code == MOSQ_ERR_SUCCESS.rawValue {
                code = numericCast(unsafe mosquitto_loop_misc(handle))
            }
            return code == MOSQ_ERR_SUCCESS.rawValue ? nil : Self.reason(numericCast(code))
        }

        /// Takes what the broker said since the last time.
        func takeSignals() -> [Signal] {
            defer { signals.removeAll(keepingCapacity: true) }
            return signals
        }

        /// Ends the connection in order, which keeps the broker from sending the will.
        func disconnect() { unsafe mosquitto_disconnect(handle) }

        private static func reason(_ code: Int32) -> String {
            if code == MOSQ_ERR_ERRNO.rawValue { return unsafe String(cString: strerror(errno)) }
            if code == MOSQ_ERR_TLS.rawValue {
                return
                    "TLS fails: its certificate is not trusted (mqtt.ca), names another host, or it speaks no TLS"
            }
            return unsafe String(cString: mosquitto_strerror(code))
        }
    }
#endif
