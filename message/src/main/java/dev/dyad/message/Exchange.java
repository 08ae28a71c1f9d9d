package dev.dyad.message;

/// The way in which it is known which answer belongs to which request.
///
/// {@snippet file="dev/dyad/message/examples/MessageExamplesTest.java" region="exchange"}
public enum Exchange {

    /// The next message is the answer: one request at a time. Any program that reads a message and
    /// writes one can answer.
    IN_TURN,

    /// A head of 16 bytes stands before each request and answer and says its number: many at once,
    /// cancelled, answered in parts or by an error, with a deadline that the other side learns, in both
    /// directions. The head is, big-endian, `kind u8 · 0 u8 · 0 u16 · milliseconds left u32 · number
    /// u64`; no milliseconds mean no limit.
    NUMBERED,

    /// goridge's, over [Wire#goridge], as RoadRunner's workers in PHP answer: one request at a time, with a
    /// [context][Requests.Payload] before the body, errors that leave the worker alive, and answers in parts.
    GORIDGE
}
