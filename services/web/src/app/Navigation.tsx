import {
  ApiOutlined,
  AppstoreOutlined,
  BankOutlined,
  BarChartOutlined,
  BellOutlined,
  BookOutlined,
  BulbOutlined,
  ControlOutlined,
  DashboardOutlined,
  EllipsisOutlined,
  EnvironmentOutlined,
  HomeOutlined,
  MessageOutlined,
  ScheduleOutlined,
  SearchOutlined,
  ShopOutlined,
  TeamOutlined,
  UserOutlined,
  VideoCameraOutlined,
} from '@ant-design/icons';
import { type ComponentType, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from '../ui/Link.tsx';
import { useMedia } from '../ui/use-media.ts';
import type { Section } from './sections.ts';

const ICONS: Record<Section, ComponentType> = {
  today: HomeOutlined,
  field: EnvironmentOutlined,
  cadre: TeamOutlined,
  kitchen: ShopOutlined,
  ledger: BookOutlined,
  findings: SearchOutlined,
  tips: MessageOutlined,
  live: AppstoreOutlined,
  cameras: VideoCameraOutlined,
  tasks: ScheduleOutlined,
  gateways: ApiOutlined,
  registry: BankOutlined,
  overview: BarChartOutlined,
  proposals: BulbOutlined,
  notifications: BellOutlined,
  accounts: TeamOutlined,
  settings: ControlOutlined,
  system: DashboardOutlined,
  me: UserOutlined,
};

/** A phone's bar holds this many under the thumb; the others lie behind one more. */
const ON_A_PHONE = 4;

interface NavigationProps {
  sections: readonly Section[];
  section: Section;
}

/** The sections: a rail at the left; on a phone a bar at the bottom, whose last place opens the rest. */
export function Navigation({ sections: all, section }: NavigationProps) {
  const sections: readonly Section[] = all.filter((name) => name !== 'me');
  const { t } = useTranslation();
  const phone = useMedia('(max-width: 759.98px)');
  // Where the sheet was opened: it closes when another section was chosen.
  const [openAt, setOpenAt] = useState<Section>();
  const open = openAt === section;
  const fits = !phone || sections.length <= ON_A_PHONE + 1;
  const shown = fits ? sections : sections.slice(0, ON_A_PHONE);
  const rest = fits ? [] : sections.slice(ON_A_PHONE);
  const link = (name: Section) => {
    const Icon = ICONS[name];
    return (
      <Link
        key={name}
        to={`/${name}`}
        className="nav-link"
        aria-current={name === section ? 'page' : undefined}
      >
        <Icon aria-hidden />
        <span>{t(`nav.${name}`)}</span>
      </Link>
    );
  };
  return (
    <nav className="nav" aria-label={t('nav.main')}>
      {shown.map(link)}
      {rest.length > 0 && (
        <>
          <button
            type="button"
            className={rest.includes(section) ? 'nav-link nav-more nav-here' : 'nav-link nav-more'}
            aria-expanded={open}
            onClick={() => setOpenAt(open ? undefined : section)}
          >
            <EllipsisOutlined aria-hidden />
            <span>{t('nav.more')}</span>
          </button>
          {open && <div className="nav-rest">{rest.map(link)}</div>}
        </>
      )}
    </nav>
  );
}
