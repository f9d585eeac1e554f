/** The development network: {@code engram dev}, its accounts, and the helper methods of anvil and hardhat. */
@NullMarked
package io.engram.client.dev;

import org.jspecify.annotations.NullMarked;
