/** A user of an identity store of IAM Identity Center. */
export interface User {
  /** Such as `d-1234567890`. */
  readonly identityStoreId: string;
  /** The id that teams have their approvers by: a UUID, of a store of IAM Identity Center with ten hex digits before it. */
  readonly userId: string;
  /** The user name, unique in the store. */
  readonly userName: string;
  /** The primary e-mail address. */
  readonly email?: string;
}
