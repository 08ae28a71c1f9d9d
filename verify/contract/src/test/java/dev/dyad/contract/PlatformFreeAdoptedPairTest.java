package dev.dyad.contract;

import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// Ends without native access that became channels of the JDK, which they were.
@ParameterizedClass(name = "{0}")
@MethodSource("dev.dyad.contract.Opening#someOfPlatformFree")
class PlatformFreeAdoptedPairTest extends OpenedPair implements AdoptedChannelContract, AdoptedSelectionContract {

    PlatformFreeAdoptedPairTest(Opening opening) {
        super(opening);
    }
}
