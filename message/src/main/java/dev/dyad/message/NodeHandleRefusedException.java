package dev.dyad.message;

import java.io.IOException;

/// The other side of a [NodeChannel] has answered each time that no handle came along. The channel goes on.
///
/// Node answers so where the descriptor is no socket, and where it has no room for one more descriptor.
///
/// {@snippet file="dev/dyad/message/examples/NodeExamplesTest.java" region="refused"}
public final class NodeHandleRefusedException extends IOException {

    private static final long serialVersionUID = 1;

    NodeHandleRefusedException(int times) {
        super("the handle was sent " + times + " times, and answered each time by NODE_HANDLE_NACK:"
                + " it is no socket, or there is no room for it");
    }
}
