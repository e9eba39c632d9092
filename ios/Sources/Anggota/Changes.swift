// Change notices as an AsyncStream.

extension Client {
    /// What changed, as it changes: topics only, so ask again for what is shown. Nothing is lost while its reader is busy.
    /// It ends when its reader stops or its task is cancelled; after ``shutDown()`` it stays silent.
    public func changes() throws -> AsyncStream<Topic> {
        let (stream, continuation) = AsyncStream.makeStream(of: Topic.self, bufferingPolicy: .unbounded)
        let subscription = try subscribe(listener: Forwarder(continuation: continuation))
        continuation.onTermination = { _ in try? subscription.cancel() }
        return stream
    }
}

private final class Forwarder: ChangeListener {
    private let continuation: AsyncStream<Topic>.Continuation

    init(continuation: AsyncStream<Topic>.Continuation) {
        self.continuation = continuation
    }

    func changed(topic: Topic) throws {
        continuation.yield(topic)
    }
}
