package io.engram.client.consensus.validator;

import io.engram.genesis.Address;
import io.engram.genesis.block.BlockHeader;
import java.util.List;

/** Asks a contract for the validators: {@code getValidators() returns (address[])}. Thread-safe. */
public interface ValidatorContract {

    /**
     * The answer on the state after {@code block}.
     *
     * @throws io.engram.evm.LocalFaultException when this node does not have that state, or the answer is no list of
     *     validators: without one the chain cannot go on
     */
    List<Address> validators(Address contract, BlockHeader block);
}
