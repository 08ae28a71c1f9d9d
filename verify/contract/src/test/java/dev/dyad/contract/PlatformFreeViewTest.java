package dev.dyad.contract;

import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// Ends without native access as streams and sockets.
@ParameterizedClass(name = "{0}")
@MethodSource("dev.dyad.contract.Opening#platformFree")
class PlatformFreeViewTest extends OpenedPair implements ViewContract {

    PlatformFreeViewTest(Opening opening) {
        super(opening);
    }
}
