package dev.dyad.contract;

import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// Ends that became channels of the JDK: of a pair, of a name, and of the Internet.
@ParameterizedClass(name = "{0}")
@MethodSource("dev.dyad.contract.Opening#someOfNativeSockets")
class AdoptedPairTest extends OpenedPair implements AdoptedChannelContract, AdoptedSelectionContract {

    AdoptedPairTest(Opening opening) {
        super(opening);
    }
}
