export interface OrgUser {
  id: string;
  full_name: string;
  email: string;
  /** One who left is disabled, and owns nothing new. */
  status: 'active' | 'disabled';
}

/** The people of every organisation: its administrator, one who sells, and one who left. */
export const orgUsers: readonly OrgUser[] = [
  { id: '6493490000000486001', full_name: 'Sandbox User', email: 'admin@zoho.example', status: 'active' },
  { id: '6493490000000486002', full_name: 'Ida Seller', email: 'ida@zoho.example', status: 'active' },
  { id: '6493490000000486003', full_name: 'Otto Gone', email: 'otto@zoho.example', status: 'disabled' },
];

export const administrator = { name: 'Sandbox User', id: '6493490000000486001' } as const;
