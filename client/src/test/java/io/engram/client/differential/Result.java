package io.engram.client.differential;

import io.engram.genesis.Hash;
import io.engram.genesis.block.Log;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/**
 * What came of a scenario.
 *
 * @param status {@code success}, {@code revert} or {@code failure}
 * @param gas without intrinsic gas and refund
 * @param refund as capped
 * @param root of the state afterwards
 */
record Result(String status, long gas, long refund, Bytes output, List<Log> logs, Hash root) {}
