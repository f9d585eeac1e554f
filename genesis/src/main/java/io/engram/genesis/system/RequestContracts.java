package io.engram.genesis.system;

import io.engram.genesis.Address;

/**
 * The contracts that produce a block's requests from Prague on (EIP-7685).
 *
 * @param deposits its logs are deposits (EIP-6110)
 * @param withdrawals called at the end of a block (EIP-7002)
 * @param consolidations called at the end of a block (EIP-7251)
 */
public record RequestContracts(Address deposits, Address withdrawals, Address consolidations) {

    public static final RequestContracts MAINNET = new RequestContracts(
            SystemContracts.DEPOSITS, SystemContracts.WITHDRAWAL_REQUESTS, SystemContracts.CONSOLIDATION_REQUESTS);
}
