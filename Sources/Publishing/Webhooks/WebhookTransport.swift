internal import Flow
internal import Foundation

#if canImport(FoundationNetworking)
    internal import FoundationNetworking
#endif

/// Answer of an address to one attempt.
enum WebhookAnswer: Sendable, Hashable {
    /// Status of the answer, with the seconds that the address asks to be left alone.
    case status(Int, retryAfter: Double?)
    /// Reason why there is no answer.
    case failed(String)
}

/// Connections to the address of a webhook: no redirects, cookies or caches, and nothing read but the status.
final class WebhookTransport: NSObject, URLSessionDataDelegate, Sendable {
    /// Seconds that an address has to answer.
    static let timeout = 10.0

    typealias Completion = @Sendable (WebhookAnswer) -> Void
    private let completions = Lock<[Int: Completion]>([:])
    private let session = Lock<URLSession?>(nil)

    private func makeSession() -> URLSession {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = Self.timeout
        configuration.timeoutIntervalForResource = Self.timeout
        configuration.httpShouldSetCookies = false
        configuration.urlCache = nil
        return URLSession(configuration: configuration, delegate: self, delegateQueue: nil)
    }

    /// Sends a request; completes on a thread of the session, once.
    func send(_ request: URLRequest, completion: @escaping Completion) {
        let session = session.withLock { session in
            let open = session ?? makeSession()
            session = open
            return open
        }
        let task = session.dataTask(with: request)
        let identifier = task.taskIdentifier
        completions.withLock { $0[identifier] = completion }
        task.resume()
        // The timeouts of the session count pauses between bytes, which an address can avoid for ever.
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.timeout) {
            [weak self, weak task] in
            self?.complete(identifier, .failed("it did not answer within \(Int(Self.timeout)) s"))
            task?.cancel()
        }
    }

    /// Ends all connections.
    func close() {
        session.withLock { session in
            session?.invalidateAndCancel()
            session = nil
        }
        for identifier in completions.withLock({ Array($0.keys) }) {
            complete(identifier, .failed("the run ended"))
        }
    }

    private func complete(_ identifier: Int, _ answer: WebhookAnswer) {
        completions.withLock { $0.removeValue(forKey: identifier) }?(answer)
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask,
        willPerformHTTPRedirection response: HTTPURLResponse, newRequest request: URLRequest,
        completionHandler: @escaping (URLRequest?) -> Void
    ) {
        complete(task.taskIdentifier, .status(response.statusCode, retryAfter: nil))
        completionHandler(nil)
        task.cancel()
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        if let response = response as? HTTPURLResponse {
            let wait = response.value(forHTTPHeaderField: "Retry-After").flatMap {
                Self.seconds($0, from: Date())
            }
            complete(
                dataTask.taskIdentifier, .status(response.statusCode, retryAfter: wait))
        }
        completionHandler(.cancel)
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
    ) {
        complete(task.taskIdentifier, .failed(Self.reason(error)))
    }

    /// Reason of an error, without the address, which may hold secrets.
    private static func reason(_ error: (any Error)?) -> String {
        switch (error as? URLError)?.code {
        case .cannotFindHost, .dnsLookupFailed: "its host is not known"
        case .cannotConnectToHost: "it cannot be reached"
        case .timedOut: "it did not answer within \(Int(timeout)) s"
        case .networkConnectionLost: "it closed the connection"
        case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate,
            .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid:
            "its certificate is not trusted"
        default: "it does not answer by HTTP"
        }
    }

    /// Seconds of a `Retry-After`, given as such or as a date; nil for other texts.
    static func seconds(_ text: String, from now: Date) -> Double? {
        if let seconds = Double(text), seconds.isFinite { return max(seconds, 0) }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        return format.date(from: text).map { max($0.timeIntervalSince(now), 0) }
    }
}
