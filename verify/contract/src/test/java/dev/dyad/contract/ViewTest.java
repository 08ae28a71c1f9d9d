package dev.dyad.contract;

import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// Ends as streams and sockets: of a pair, of a name, and of the Internet.
@ParameterizedClass(name = "{0}")
@MethodSource("dev.dyad.contract.Opening#ofNativeSockets")
class ViewTest extends OpenedPair implements ViewContract {

    ViewTest(Opening opening) {
        super(opening);
    }
}
