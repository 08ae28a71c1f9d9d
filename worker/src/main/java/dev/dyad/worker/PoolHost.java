package dev.dyad.worker;

import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/// What a pool needs of the world around it, none of which waits.
///
/// @param processes ends what was started
/// @param events is told what happens
/// @param clock the time, in nanoseconds
/// @param shorten takes up to a tenth off, so that not all workers are replaced together
record PoolHost(
        MemberProcesses processes, Consumer<WorkerEvent> events, LongSupplier clock, LongUnaryOperator shorten) {}
